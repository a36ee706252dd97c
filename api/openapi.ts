import { OpenAPIGenerator } from '@orpc/openapi'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import { contract } from '#contract/contract.ts'

/** The OpenAPI 3.1 document of the whole contract. */
export const openApi = (): Promise<object> =>
  new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] }).generate(contract, {
    info: {
      title: 'Lectern',
      version: '0.1.0',
      description: 'The API of a Lectern school. Send an access token of the school’s identity provider as `Authorization: Bearer …`.',
    },
    servers: [{ url: '/api' }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    security: [{}, { bearer: [] }],
  })
