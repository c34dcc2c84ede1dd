"""Slips as PDF: one description of what is printed, drawn for each paper.

The front door is `store_desk.slips.render`: `render_slip` and `warm`. Import it in the lane that prints.
"""
