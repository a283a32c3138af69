# Builds Harmonium and puts it, with what its sandbox shows to sessions, on a small Debian. docs/deployment.md says with
# which options to run it: sessions need namespaces, which Docker refuses by default.

FROM swift:6.3-bookworm AS builder
RUN apt-get update -qq \
    && apt-get install -qq -y --no-install-recommends \
        libpython3-dev libseccomp-dev libsqlite3-dev pkg-config python3-venv zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Package.swift Package.resolve[d] ./
COPY Sources Sources
COPY scripts/release scripts/release
# The manifest names the targets of examples and tests, whose folders have to be there.
COPY Examples Examples
COPY Tests Tests
RUN scripts/release --static-swift-stdlib \
    && install -D -t /product/bin .build/release/harmonium .build/release/harmonium-python .build/release/harmonium-container \
    && .build/release/harmonium vocabulary install --at /product/share/harmonium/o200k.vocabulary
COPY sandbox /product/share/harmonium/sandbox

# The same Debian as the builder's: the worker is linked to its Python.
FROM debian:bookworm-slim
COPY sandbox/packages.txt /tmp/packages.txt
# The second column of the list, as scripts/setup reads it.
RUN apt-get update -qq \
    && sed -n 's/^[^#]\{1,\}#[[:space:]]*\([a-z0-9][a-z0-9.+-]*\).*$/\1/p' /tmp/packages.txt \
    | xargs apt-get install -qq -y --no-install-recommends \
        ca-certificates poppler-utils python3 libpython3.11 libseccomp2 libsqlite3-0 libstdc++6 zlib1g tzdata \
    && rm -rf /var/lib/apt/lists/* /tmp/packages.txt
COPY --from=builder /product /usr/local
# A user without rights: with the options of docs/deployment.md that is enough.
RUN useradd --uid 1000 --user-group --no-create-home --home-dir /nonexistent harmonium
USER harmonium
EXPOSE 8081
# Reached through a published port, whose clients say localhost; other names go into HARMONIUM_HTTP_ALLOWED_HOSTS.
ENV HARMONIUM_HTTP_HOST=0.0.0.0
STOPSIGNAL SIGTERM
ENTRYPOINT ["harmonium"]
CMD ["serve"]
