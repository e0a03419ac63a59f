# docker build -t secondline . && docker run -d --restart unless-stopped --env-file .env \
#   -v ./secondline.toml:/etc/secondline.toml:ro -v secondline:/data secondline
# By digest, so that a build next year is the build of today; for fixes in the base put a newer one in, which
# `docker buildx imagetools inspect python:3.12-slim` prints first. It is that of all architectures. `make image` gives
# another as BASE where that one can't be fetched.
ARG BASE=python:3.12-slim@sha256:78387bc3881b8273120a12ebe6c1ab22b018ccc2c9adf565ae1ac9b536e184ea
FROM ${BASE} AS build
WORKDIR /src
ENV PIP_CONFIG_FILE=/run/secrets/pip.conf PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/secondline
COPY requirements.lock ./
# README says what these two are for; both may be missing.
RUN --mount=type=secret,id=pip.conf --mount=type=secret,id=certificates \
  /opt/secondline/bin/python -m pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE manifest.yml secondline.toml ./
COPY bot bot
COPY commands commands
RUN /opt/secondline/bin/python -m pip install --no-build-isolation --no-deps --no-index .

FROM ${BASE}
# No capability is needed: Docker opens ping sockets to every group (net.ipv4.ping_group_range) in the container's own
# network namespace, and traces read their errors from the same kind of socket. So the image also runs with --read-only,
# --cap-drop ALL and no-new-privileges. Elsewhere set the sysctl: net.ipv4.ping_group_range="0 2147483647".
RUN useradd --system --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin secondline \
  && install -d -m 0700 -o secondline -g secondline /data
COPY --from=build /opt/secondline /opt/secondline
ENV PATH=/opt/secondline/bin:$PATH \
  PYTHONUNBUFFERED=1 \
  PYTHONDONTWRITEBYTECODE=1 \
  SECONDLINE_CONFIG=/etc/secondline.toml \
  SECONDLINE_DB=/data/secondline.db
USER secondline
WORKDIR /data
VOLUME /data
# The program is process 1 itself, so `docker stop` reaches it and it drains its work. There is no HEALTHCHECK: the bot
# reconnects by itself and ends when it can't do its job, so a restart policy is what helps.
ENTRYPOINT ["secondline"]
CMD ["run"]
