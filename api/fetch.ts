import { OpenAPIHandler } from '@orpc/openapi/fetch'
import { BodyLimitPlugin } from '@orpc/server/fetch'
import type { World } from '#ports/world.ts'
import { type ApiContext, adapterOptions, apiRouter, contextFor, MOST_BODY_BYTES, NO_ENDPOINT } from './mount.ts'

/** The API as a function from `Request` to `Response`, for homes and tests that have no socket. */
export const fetchApi = (world: World): ((request: Request, id?: string) => Promise<Response>) => {
  const options = adapterOptions()
  const plugins = [...options.plugins, new BodyLimitPlugin<ApiContext>({ maxBodySize: MOST_BODY_BYTES })]
  const handler = new OpenAPIHandler<ApiContext>(apiRouter(), { ...options, plugins })
  return async (request, id) => {
    const { matched, response } = await handler.handle(request, {
      prefix: '/api',
      context: contextFor(world, request.headers.get('authorization') ?? undefined, id),
    })
    return matched ? response : new Response(NO_ENDPOINT, { status: 404, headers: { 'content-type': 'application/json', 'cache-control': 'no-store' } })
  }
}
