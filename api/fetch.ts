import { OpenAPIHandler } from '@orpc/openapi/fetch'
import type { World } from '#ports/world.ts'
import { type ApiContext, adapterOptions, apiRouter } from './mount.ts'

/** The API as a function from `Request` to `Response`, for homes and tests that have no socket. */
export const fetchApi = (world: World): ((request: Request) => Promise<Response>) => {
  const handler = new OpenAPIHandler<ApiContext>(apiRouter(), adapterOptions)
  return async (request) => {
    const context: ApiContext = { world, authorization: request.headers.get('authorization') ?? undefined, cookies: [] }
    const { matched, response } = await handler.handle(request, { prefix: '/api', context })
    if (!matched) return Response.json({ code: 'not-found', message: 'There is no such endpoint.' }, { status: 404 })
    response.headers.set('cache-control', 'no-store')
    for (const cookie of context.cookies) response.headers.append('set-cookie', cookie)
    return response
  }
}
