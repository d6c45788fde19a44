# syntax=docker/dockerfile:1
# The Spark Connect server and, on Kubernetes, its executors. Built from the root of the checkout:
#   docker build -f infra/docker/spark.Dockerfile -t millrace/spark .
ARG SPARK_IMAGE=apache/spark:4.0.1-scala2.13-java17-ubuntu
ARG MAVEN_IMAGE=maven:3.9.11-eclipse-temurin-17

# --- Delta, the Kafka connector and our extensions, from the one list of jars
FROM ${MAVEN_IMAGE} AS jars
WORKDIR /build/infra/spark
COPY infra/spark/pom.xml ./
COPY infra/spark/src/main ./src/main
RUN --mount=type=cache,target=/root/.m2 mvn -B -DskipTests package

# --- Spark's own distribution and what it lacks
FROM ${SPARK_IMAGE}
USER root
COPY infra/docker/add-jars.sh infra/docker/connect-server.sh /opt/millrace/bin/
RUN --mount=from=jars,source=/build/infra/spark/target/jars,target=/jars \
    sh /opt/millrace/bin/add-jars.sh /jars /opt/spark/jars \
    && install --directory --owner=185 --group=185 /data
COPY conf /opt/millrace/conf
# Heap of the server and of each executor, unless set otherwise.
ENV SPARK_CONF_DIR=/opt/millrace/conf SPARK_DRIVER_MEMORY=4g SPARK_EXECUTOR_MEMORY=8g TZ=UTC
USER 185:185
# Spark Connect, Spark's UI
EXPOSE 15002 4040
# The entry point of the image, which executors on Kubernetes need, runs any other command as it is.
CMD ["sh", "/opt/millrace/bin/connect-server.sh"]
