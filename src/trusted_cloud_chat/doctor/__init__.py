"""`doctor`: what is installed, configured and indexed, what is wrong with it, and the command that mends each.

A fault keeps the product from answering rightly; advice is about what it answers from. Every examination is caught by itself.
"""

from trusted_cloud_chat.doctor.checks import Check, Name
from trusted_cloud_chat.doctor.examination import examine
from trusted_cloud_chat.doctor.stores import NOT_MENDED, index_checks, mend

__all__ = ["NOT_MENDED", "Check", "Name", "examine", "index_checks", "mend"]
