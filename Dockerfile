# docker build --tag pyconcepts-lint .
# docker run --rm --volume "$PWD:/src:ro" pyconcepts-lint --no-cache .
FROM python:3.13-slim AS build
COPY . /build
RUN python -m venv /opt/pyconcepts-lint \
    && /opt/pyconcepts-lint/bin/pip install --no-cache-dir --disable-pip-version-check /build

FROM python:3.13-slim
COPY --from=build /opt/pyconcepts-lint /opt/pyconcepts-lint
RUN useradd --create-home linter
USER linter
WORKDIR /src
ENTRYPOINT ["/opt/pyconcepts-lint/bin/pyconcepts-lint"]
CMD ["."]
