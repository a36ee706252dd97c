import { OpenAPIHandler } from '@orpc/openapi/fetch'
import type { World } from '#ports/world.ts'
import { type ApiContext, adapterOptions, apiRouter, contextFor, NO_ENDPOINT } from './mount.ts'

/** The API as a function from `Request` to `Response`, for homes and tests that have no socket. */
export const fetchApi = (world: World): ((request: Request) => Promise<Response>) => {
  const handler = new OpenAPIHandler<ApiContext>(apiRouter(), adapterOptions())
  return async (request) => {
    const { matched, response } = await handler.handle(request, {
      prefix: '/api',
      context: contextFor(world, request.headers.get('authorization') ?? undefined),
    })
    return matched ? response : new Response(NO_ENDPOINT, { status: 404, headers: { 'content-type': 'application/json', 'cache-control': 'no-store' } })
  }
}
