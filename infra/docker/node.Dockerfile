# syntax=docker/dockerfile:1
# Our Node programs: the three services, the generator and the seeder. Built from the root of the checkout:
#   docker build -f infra/docker/node.Dockerfile --build-arg PROJECT=apps/gateway -t millrace/gateway .
ARG NODE_IMAGE=node:20.20.2-bookworm-slim
ARG MAVEN_IMAGE=maven:3.9.11-eclipse-temurin-17

# --- The .proto files of the very server that the client will speak to
FROM ${MAVEN_IMAGE} AS protocol
WORKDIR /build/infra/spark
COPY infra/spark/pom.xml ./
COPY infra/spark/src/main ./src/main
RUN --mount=type=cache,target=/root/.m2 mvn -B -DskipTests package

# --- Everything is installed, generated and compiled
FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc tsconfig.json tsconfig.base.json ./
COPY apps ./apps
COPY libs ./libs
COPY tools ./tools
RUN --mount=type=cache,target=/root/.npm npm ci
COPY --from=protocol /build/infra/spark/target/proto ./infra/spark/target/proto
RUN node node_modules/@bufbuild/buf/bin/buf generate --template libs/spark-connect/buf.gen.yaml
# Prisma would download an engine that generating does not use; any program that exists keeps it from that.
RUN PRISMA_SCHEMA_ENGINE_BINARY=/usr/local/bin/node CHECKPOINT_DISABLE=1 \
    node node_modules/prisma/build/index.js generate --schema libs/registry/prisma/schema.prisma
ARG PROJECT
RUN test -n "$PROJECT" && node node_modules/typescript/bin/tsc -b "$PROJECT"
# The pages that the gateway serves.
RUN test "$PROJECT" != apps/gateway || node node_modules/vite/bin/vite.js build apps/web
# Only the packages of this one program stay; and not Prisma's command line, which comes as an optional peer of its client.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --workspace="$PROJECT" \
    && cd node_modules && rm -rf prisma typescript effect @electric-sql @prisma/dev @prisma/studio-core \
    && cd .. && find apps libs tools -name src -prune -exec rm -r {} + \
    && for project in apps/* libs/* tools/*; do test -d "$project/dist" || rm -r "$project"; done

# --- What runs
FROM ${NODE_IMAGE}
# The number of Spark's user: both write to the volume with the tables.
RUN groupadd --gid 185 millrace && useradd --uid 185 --gid 185 --no-create-home --shell /usr/sbin/nologin millrace \
    && install --directory --owner=185 --group=185 /data
ENV NODE_ENV=production TZ=UTC MALLOC_ARENA_MAX=2
ARG PROJECT
WORKDIR /app
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/apps ./apps
COPY --from=build /build/libs ./libs
COPY --from=build /build/tools ./tools
COPY conf ./conf
COPY infra/docker/migrate.mjs ./infra/docker/
WORKDIR /app/${PROJECT}
USER 185:185
EXPOSE 8080 8081 8082
CMD ["node", "--enable-source-maps", "dist/main.js"]
