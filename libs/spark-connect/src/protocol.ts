/**
 * The messages of the protocol as generated from the server's own `.proto` files, under the names Spark gives them: for what has no
 * method in this library (`SparkSession.newDataFrame`, extensions of a server, tools). They change with Spark, not with this library.
 * @module
 */
export * from './generated/spark/connect/base_pb';
export * from './generated/spark/connect/catalog_pb';
export * from './generated/spark/connect/commands_pb';
export * from './generated/spark/connect/common_pb';
export * from './generated/spark/connect/expressions_pb';
export * from './generated/spark/connect/relations_pb';
export * from './generated/spark/connect/types_pb';
