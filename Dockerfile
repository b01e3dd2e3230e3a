# One image for every role: the command is a verb of imo-ledger (`serve`, `index --chain 1`, `migrate`, `run`, …).
FROM node:20-bookworm-slim AS build
WORKDIR /build
COPY . .
RUN npm ci --no-audit --no-fund

# What runs: without tools to build. `--build-arg OMIT=` adds Parquet, PDF and the embedded PostgreSQL.
FROM node:20-bookworm-slim AS modules
ARG OMIT="--omit=optional"
WORKDIR /modules
COPY package.json package-lock.json ./
RUN npm ci --omit=dev ${OMIT} --ignore-scripts --no-audit --no-fund

FROM node:20-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=modules /modules/node_modules ./node_modules
COPY --from=build /build/package.json /build/CHANGELOG.md /build/SECURITY.md /build/LICENSE ./
COPY --from=build /build/bin ./bin
COPY --from=build /build/db ./db
COPY --from=build /build/contracts/artifacts ./contracts/artifacts
COPY --from=build /build/docs/errors.md ./docs/errors.md
COPY --from=build /build/dist/program ./dist/program
COPY --from=build /build/dist/dashboard ./dist/dashboard
COPY --from=build /build/dist/graphiql ./dist/graphiql
# imo.yaml is mounted here; the cache of final blocks is written next to it.
RUN mkdir -p /ledger/.imo-ledger && chown -R node:node /ledger
USER node
WORKDIR /ledger
EXPOSE 4350 4351 4352
# A role without the API names its own page in HEALTH_URL, e.g. http://127.0.0.1:4351/metrics.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(process.env.HEALTH_URL || 'http://127.0.0.1:4350/health').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/bin/imo-ledger.js"]
CMD ["serve", "--host", "0.0.0.0"]
