import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { cleanupOpenApiDoc } from 'nestjs-zod';
import { withFailuresOfAll } from './failures';

/** The contract of every route, made from the schemas that check it. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const description = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Millrace')
    .setDescription(
      'One Spark application that never stops: it streams events from Kafka into Delta Lake and answers batch ' +
        'requests. Every error has the body `{error, message, timestamp}`.',
    )
    .setVersion('0.1.0')
    .addServer('/')
    .addTag('stream', 'From Kafka into Delta Lake, all the time')
    .addTag('batch', 'Analyses over what was stored, by request')
    .addTag('tables', 'What is stored, how it came to be, and its upkeep')
    .addTag('datasets', 'Data sets by definition, and what is analysed of them')
    .addTag('verify', 'Whether streams and batches say the same')
    .addTag('webhooks', 'Messages about ended batches that could not be delivered')
    .addTag('health', 'Probes')
    .addTag('control', 'The application as a whole')
    .addBearerAuth({ type: 'http', description: 'Only where MILLRACE_API_TOKEN is set' }, 'apiToken')
    .addSecurityRequirements({})
    .addSecurityRequirements('apiToken')
    .build();
  const document = SwaggerModule.createDocument(app, description, {
    operationIdFactory: (controller, method) => operationId(controller, method),
  });
  return cleanupOpenApiDoc(withFailuresOfAll(document));
}

/** `/openapi.json` and the pages on `/docs`; all their files come from this process. */
export function registerApiPages(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, openApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Millrace API',
    swaggerOptions: { validatorUrl: null, tryItOutEnabled: true, persistAuthorization: true },
  });
}

/** `StreamController.start` -> `streamStart`: method names of generated clients. */
function operationId(controller: string, method: string): string {
  const name = controller.replace(/Controller$/, '');
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}${method.charAt(0).toUpperCase()}${method.slice(1)}`;
}
