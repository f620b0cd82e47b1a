#!/usr/bin/env bash
# Build the image with docker or podman, start it as compose.yaml does, wait until it is healthy, and ask a question.
set -euo pipefail
engine=$(command -v docker || command -v podman) || { echo "neither docker nor podman is here" >&2; exit 3; }
cd "$(dirname "$0")/.."
# The base image is pinned by a digest: the one in the Dockerfile, else that of the registry's current image.
read -r python digest < <(sed -n 's/^ARG PYTHON=//p; s/^ARG DIGEST=//p' Dockerfile | paste -sd ' ')
base=python:$python-slim
if [[ -z $digest ]]; then
    "$engine" pull --quiet "$base" >/dev/null
    digest=@$("$engine" image inspect --format '{{index .RepoDigests 0}}' "$base" | sed 's/.*@//')
    echo "base: $base$digest (to pin it, write into the Dockerfile: ARG DIGEST=$digest)"
fi
[[ $digest =~ ^@sha256:[0-9a-f]{64}$ ]] || { echo "no digest of $base: « $digest »" >&2; exit 1; }
"$engine" build --build-arg "DIGEST=$digest" --tag trusted-cloud-chat .
name=trusted-cloud-chat-tried-$$
trap '"$engine" rm --force --volumes "$name" >/dev/null' EXIT
"$engine" run --detach --name "$name" --read-only --tmpfs /tmp:size=512m --memory 4g --pids-limit 512 --cap-drop ALL --security-opt no-new-privileges \
    --env TCC_ANYBODY_MAY_READ=1 \
    trusted-cloud-chat >/dev/null
for _ in $(seq 90); do
    if "$engine" exec "$name" python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:7860/healthz', timeout=4)" \
        2>/dev/null; then
        "$engine" exec "$name" trusted-cloud-chat ask "Quand Bleu sera-t-il qualifié ?"
        "$engine" exec "$name" cat /proc/1/comm | grep -qx tini
        exit
    fi
    sleep 2
done
"$engine" logs "$name" >&2
exit 1
