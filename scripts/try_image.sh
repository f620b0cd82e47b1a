#!/usr/bin/env bash
# Build the image with docker or podman, start it as compose.yaml does, wait until it is well, ask it something.
set -euo pipefail
engine=$(command -v docker || command -v podman) || { echo "neither docker nor podman is here" >&2; exit 3; }
cd "$(dirname "$0")/.."
"$engine" build --tag trusted-cloud-chat .
name=trusted-cloud-chat-tried-$$
trap '"$engine" rm --force --volumes "$name" >/dev/null' EXIT
"$engine" run --detach --name "$name" --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
    --env TCC_ANYBODY_MAY_READ=1 \
    trusted-cloud-chat >/dev/null
for _ in $(seq 90); do
    if "$engine" exec "$name" python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:7860/healthz', timeout=4)" \
        2>/dev/null; then
        "$engine" exec "$name" trusted-cloud-chat ask "Quand Bleu sera-t-il qualifié ?"
        exit
    fi
    sleep 2
done
"$engine" logs "$name" >&2
exit 1
