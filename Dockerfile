# docker build --tag rolecall .
# docker run --rm --volume ./manifests:/manifests:ro --volume ./delivered:/delivered \
#   --env ROLECALL_ENDPOINT --env ROLECALL_TOKEN --env ROLECALL_PLAN_TOKEN rolecall plan
#
# No container engine has built this file yet: its steps were run one by one in an empty folder, by hand, with Node 20.

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY src src
RUN npm run build && chmod 0755 dist/main.js
# What the program needs while it runs, and nothing else.
RUN npm prune --omit=dev --ignore-scripts

FROM node:24-slim
ENV NODE_ENV=production
COPY --from=build /app/package.json /app/package.json
COPY --from=build /app/node_modules /app/node_modules
COPY --from=build /app/dist /app/dist
# `rolecall` for pipelines that run steps in this image; a folder for token secrets that its user may write to.
RUN ln -s /app/dist/main.js /usr/local/bin/rolecall && install --directory --owner=1000 --group=1000 --mode=0700 /delivered

# By number, so that Kubernetes can see that it is not root.
USER 1000:1000
# Commands read the folder `manifests` unless told otherwise: mount yours at /manifests.
WORKDIR /
ENTRYPOINT ["node", "/app/dist/main.js"]
CMD ["--help"]
