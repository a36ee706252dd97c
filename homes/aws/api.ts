import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { docs, isDocs } from '#api/docs.ts'
import { fetchApi } from '#api/fetch.ts'
import { SECURITY_TXT, securityTxt } from '#api/security-txt.ts'
import { SHELL_KEY } from '#core/shell.ts'
import type { Log } from '#ports/log.ts'
import type { World } from '#ports/world.ts'
import type { EdgeDoor } from './edge-door.ts'
import { answerOf, overHttp, requestOf, say } from './http.ts'

type Given = {
  log: Log
  admits: EdgeDoor
  /** The school, opened; the same object until something it was opened with is another. */
  world(): Promise<World>
  url: string
  /** Where the files of the documents' page lie. */
  docsFolder: string
}

/** What the distribution asks here when the store has no such page. */
const isPage = (path: string): boolean => path.startsWith('/catalogue/pages/')

/** The app's own page, which finds out by itself what the address is of. Kept nowhere: the course may be published any moment. */
const shell = async ({ objects }: World): Promise<APIGatewayProxyStructuredResultV2> => {
  const page = await objects.get(SHELL_KEY)
  if (!page) return say(503, 'The web app has not been deployed yet.')
  return say(200, new TextDecoder().decode(page.bytes), page.type)
}

/** The contract over HTTP, its documents, and the page for whatever the store does not have. */
export const api = ({ log, admits, world, url, docsFolder }: Given) => {
  const document = docs(docsFolder)
  const handlers = new WeakMap<World, ReturnType<typeof fetchApi>>()
  const handlerOf = (opened: World): ReturnType<typeof fetchApi> => {
    const handler = handlers.get(opened) ?? fetchApi(opened)
    handlers.set(opened, handler)
    return handler
  }
  return overHttp({ log, admits }, async (event) => {
    const { rawPath: path } = event
    if (isDocs(path)) {
      const { type, body, headers } = await document(path)
      const answer = say(200, body, type)
      return { ...answer, headers: { ...answer.headers, ...headers } }
    }
    const opened = await world()
    if (isPage(path)) return shell(opened)
    if (path === SECURITY_TXT) return say(200, securityTxt(opened))
    return answerOf(await handlerOf(opened)(requestOf(event, url), event.requestContext.requestId))
  })
}
