"""`doctor`: checks installation, configuration and index, and names the command that fixes each fault.

A fault prevents correct answers; advice concerns the articles. A check that fails does not stop the others.
"""

from trusted_cloud_chat.doctor.checks import Check, Name
from trusted_cloud_chat.doctor.examination import examine
from trusted_cloud_chat.doctor.stores import NOT_MENDED, index_checks, mend

__all__ = ["NOT_MENDED", "Check", "Name", "examine", "index_checks", "mend"]
