import { z } from 'zod';
import { datasetNameSchema } from './field-name';

const analysisSchema = z.object({
  timestamp: z.string().meta({ description: 'Gives the day', example: 'event_time' }),
  dimensions: z.array(z.string()).meta({ description: 'What records are grouped by, beside the day' }),
  numerics: z.array(z.string()).meta({ description: 'What is added up' }),
  booleans: z.array(z.string()).meta({ description: 'What is counted where it is true' }),
  title: z.string().optional(),
  currency: z.string().optional().meta({ description: 'ISO 4217, of the numerics', example: 'INR' }),
});

const summaryMembers = {
  name: datasetNameSchema.meta({ example: 'card_transactions' }),
  title: z.string().meta({ example: 'Card transactions' }),
};

/** Of one data set: what pages of its batches are made of. */
export const datasetSchema = z.object({
  ...summaryMembers,
  fields: z.array(z.object({ name: z.string(), type: z.string() })),
  analysis: analysisSchema.nullable().meta({ description: 'Null: the definition asks for none' }),
});

export const datasetListSchema = z.object({
  datasets: z.array(z.object(summaryMembers)),
  problems: z
    .array(z.object({ name: z.string(), message: z.string() }))
    .meta({ description: 'Definitions that are not right, and what is wrong with them' }),
});

export type DatasetBody = z.infer<typeof datasetSchema>;
export type DatasetListBody = z.infer<typeof datasetListSchema>;
