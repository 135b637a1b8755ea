# docker build --tag rolecall .
# docker run --rm --volume ./manifests:/manifests:ro --volume ./delivered:/delivered \
#   --env ROLECALL_ENDPOINT --env ROLECALL_TOKEN --env ROLECALL_PLAN_TOKEN rolecall plan
#
# examples/deploy has more. test/e2e/image.test.ts takes its steps one by one in an empty folder.

# Any image with Node.js 20.19 or newer; by digest where builds must be alike.
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY scripts scripts
COPY src src
RUN npm run build

FROM ${NODE_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Rolecall" \
      org.opencontainers.image.description="Keeps access to Proxmox as declared in Git" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production
COPY LICENSE /app/LICENSE
COPY --from=build /app/dist /app/dist
# `rolecall` for pipelines that run steps in this image; a folder for token secrets that its user may write to.
RUN ln -s /app/dist/rolecall.js /usr/local/bin/rolecall && install --directory --owner=1000 --group=1000 --mode=0700 /delivered

# By number, so that Kubernetes can see that it is not root.
USER 1000:1000
# Commands read the folder `manifests` unless told otherwise: mount yours at /manifests.
WORKDIR /
# `watch --listen 0.0.0.0:9855`: by default it listens on the container's own loopback, which nobody outside reaches.
EXPOSE 9855
# Finishes the write in flight, and ends.
STOPSIGNAL SIGTERM
# Of `watch`, from inside: well while the manifests are looked at. No shell, no curl; it says what it saw.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "--eval", "fetch('http://127.0.0.1:9855/healthz').then(async (answer) => { console.log(answer.status, await answer.text()); process.exitCode = answer.ok ? 0 : 1; }, (error) => { console.log('127.0.0.1:9855 does not answer:', error.cause?.message ?? error.message); process.exitCode = 1; })"]
# `docker run IMAGE plan`, `docker run IMAGE watch`: a command is all that is to be said. No text ever becomes code.
ENTRYPOINT ["node", "--disallow-code-generation-from-strings", "/app/dist/rolecall.js"]
CMD ["--help"]
