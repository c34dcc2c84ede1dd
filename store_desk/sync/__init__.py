"""The desk's side of head office: requests, answers, and the cycle that keeps both in step; no Qt."""
