"""Printers: office printers by IPP or the system's print service, and a folder where there is none."""
