"""`python -m trusted_cloud_chat` is the `trusted-cloud-chat` command."""

from trusted_cloud_chat.cli import main

if __name__ == "__main__":
    main()
