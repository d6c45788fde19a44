#!/bin/sh
# The Spark Connect server in a container. Further arguments are those of spark-submit (--master, --conf, ...) and win over these.
set -eu

exec "$SPARK_HOME/bin/spark-submit" \
  --master 'local[8,maxShare]' \
  --deploy-mode client \
  --properties-file "$SPARK_CONF_DIR/spark-defaults.conf" \
  --conf "spark.scheduler.allocation.file=$SPARK_CONF_DIR/fairscheduler.xml" \
  --conf spark.connect.grpc.binding.address=0.0.0.0 \
  --conf spark.connect.grpc.binding.port=15002 \
  --conf spark.ui.port=4040 \
  --conf spark.port.maxRetries=0 \
  --conf spark.local.dir=/tmp/spark-local \
  --conf spark.sql.warehouse.dir=/tmp/spark-warehouse \
  --conf spark.driver.extraJavaOptions=-Duser.timezone=UTC \
  "$@" \
  --class org.apache.spark.sql.connect.service.SparkConnectServer \
  spark-internal
