"""`python ingest.py [PATH…] [--json]`: the same as `trusted-cloud-chat ingest`."""

import sys

from trusted_cloud_chat.cli import main

if __name__ == "__main__":
    sys.argv.insert(1, "ingest")
    main()
