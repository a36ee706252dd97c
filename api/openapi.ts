import type { AnyContractProcedure, OpenAPI } from '@orpc/contract'
import { OpenAPIGenerator } from '@orpc/openapi'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import type { EndpointMeta } from '#contract/base.ts'
import { contract } from '#contract/contract.ts'
import { REFUSALS } from '#contract/refusals.ts'
import { tokenScopeOf } from '#contract/token-scopes.ts'

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const

const SIGNED_IN = { bearer: [] }

const refusal: OpenAPI.SchemaObject = {
  type: 'object',
  description: 'Why not: a stable code to branch on, and a sentence for people.',
  properties: {
    code: { type: 'string', enum: Object.keys(REFUSALS) },
    status: { type: 'integer' },
    message: { type: 'string' },
    data: {
      type: 'object',
      description: 'Where one code has several cases, which it is.',
      properties: { because: { type: 'string' }, opensAt: { type: 'string', format: 'date-time' } },
    },
  },
  required: ['code', 'status', 'message'],
}

const endpoints = new Map<string, AnyContractProcedure>(
  Object.entries(contract).flatMap(([feature, parts]) =>
    Object.entries<AnyContractProcedure>(parts).map(([verb, endpoint]) => [`${feature}.${verb}`, endpoint] as const),
  ),
)

/** Groups an operation by its feature, says who may call it, and what a refusal looks like. */
const complete = (operation: OpenAPI.OperationObject): void => {
  const name = operation.operationId ?? ''
  // Every endpoint is declared through `endpoint()`, which writes exactly this meta.
  const meta = endpoints.get(name)?.['~orpc'].meta as EndpointMeta | undefined
  operation.tags = [name.split('.')[0] ?? '']
  operation.security = meta?.access === 'anyone' ? [{}, SIGNED_IN] : [SIGNED_IN]
  const scope = tokenScopeOf(name)
  const byToken = scope === undefined ? '' : ` By an access token ${scope === 'any' ? 'of any scope' : `with \`${scope}\``}, too.`
  if (meta) operation.description = `Access: ${meta.access}.${byToken}${meta.setsCookies ? ' The answer sets cookies.' : ''}`
  operation.responses = {
    ...operation.responses,
    default: { description: 'Refused', content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } } },
  }
}

/** The OpenAPI 3.1 document of the whole contract. */
export const openApi = async (): Promise<OpenAPI.Document> => {
  const document = await new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] }).generate(contract, {
    info: {
      title: 'Lectern',
      version: '0.1.0',
      description:
        'The API of a Lectern school. Send an access token as `Authorization: Bearer …`: one of those a person makes at `/account/tokens`, for what its scopes open, or one of the school’s identity provider (`npm run lectern -- token <email>` prints one), for all that its person may do.',
    },
    servers: [{ url: '/api' }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } }, schemas: { Refusal: refusal } },
  })
  for (const path of Object.values(document.paths ?? {})) {
    for (const method of METHODS) if (path?.[method]) complete(path[method])
  }
  return document
}
