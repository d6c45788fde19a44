package io.millrace.spark.sink;

/**
 * What Delta knows a commit by, so that a replay does not repeat it.
 *
 * @param appId of the append: two appends to one table need two
 * @param metadata kept with the commit, JSON
 */
record Transaction(String appId, long batchId, String metadata) {}
