# TenEleven's server. The image has the program and its run-time lock; the bundle is a volume, read only.
#
#   docker build -t teneleven .
#   docker run --rm -v "$PWD/data:/data:ro" -v "$PWD/bundles:/bundles" teneleven build --data /data --bundle /bundles/current
#   docker run --read-only --tmpfs /tmp -v "$PWD/bundles:/bundles:ro" -p 127.0.0.1:8011:8011 teneleven
#
# Without a network: put the lock's wheels in wheels/ (pip download -d wheels -r requirements.lock) and build
# with --build-arg PIP_OPTIONS="--no-index --find-links=wheels".
ARG PYTHON=python:3.11-slim
FROM ${PYTHON} AS made
ARG PIP_OPTIONS=""
WORKDIR /src
COPY . .
RUN sh docs/operations/install.sh /opt/teneleven "${PIP_OPTIONS}"

FROM ${PYTHON}
RUN useradd --system --uid 10011 --no-create-home --shell /usr/sbin/nologin teneleven
COPY --from=made /opt/teneleven /opt/teneleven
ENV PATH=/opt/teneleven/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    TENELEVEN_BUNDLE=/bundles/current \
    TENELEVEN_HOST=0.0.0.0 \
    TENELEVEN_LOG_FORMAT=json
USER teneleven
EXPOSE 8011
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8011/readyz', timeout=4)"]
ENTRYPOINT ["teneleven"]
CMD ["serve"]
