import { create } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { Column } from '../../functions/column';
import { expressionOf } from '../../functions/expressions';
import { col } from '../../functions/functions';
import {
  ExamplePluginExpressionSchema,
  ExamplePluginRelationSchema,
} from '../../generated/spark/connect/example_plugins_pb';
import { session, simple } from '../frames';

const relation = () => {
  const message = create(ExamplePluginRelationSchema, { input: simple.relation });
  return session.newDataFrame({ case: 'extension', value: anyPack(ExamplePluginRelationSchema, message) });
};

const expression = () => {
  const fields = { child: col('id').expression, customField: 'abc' };
  const message = create(ExamplePluginExpressionSchema, fields);
  const value = anyPack(ExamplePluginExpressionSchema, message);
  return simple.select(new Column(expressionOf({ case: 'extension', value })));
};

/** Messages of plugins of the server. The Scala client has an old and a new method for each; their plans are the same. */
export const extensions = {
  relation_extension: relation,
  relation_extension_deprecated: relation,
  expression_extension: expression,
  expression_extension_deprecated: expression,
};
