"""`doctor`: checks the installation, the configuration and the index, and names the command that mends each fault.

A fault keeps the product from answering correctly; advice concerns its articles. A check that fails does not stop the others.
"""

from trusted_cloud_chat.doctor.checks import Check, Name
from trusted_cloud_chat.doctor.examination import examine
from trusted_cloud_chat.doctor.stores import NOT_MENDED, index_checks, mend

__all__ = ["NOT_MENDED", "Check", "Name", "examine", "index_checks", "mend"]
