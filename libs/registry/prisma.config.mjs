/**
 * For Prisma's own command line only (`npx prisma migrate status`, `studio`), which nothing here depends on: the
 * services apply the migrations themselves. Run it inside this folder, with DATABASE_URL set.
 */
export default {
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? '' },
};
