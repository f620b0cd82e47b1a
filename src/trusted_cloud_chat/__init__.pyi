# What `__init__.py` loads when it is named, for who reads types: an import there would run against the arrows of the house.
from trusted_cloud_chat.library import OpenAssistant as OpenAssistant
from trusted_cloud_chat.library import open_assistant as open_assistant
from trusted_cloud_chat.schema import Turn as Turn

__version__: str
