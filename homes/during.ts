import { AsyncLocalStorage } from 'node:async_hooks'

const requests = new AsyncLocalStorage<string>()

/**
 * Whatever is done meanwhile is done for this request: lines of the log bear its id, events that are told keep it for their listeners, and letters
 * have it in a header.
 */
export const during = <T>(request: string, work: () => T): T => requests.run(request, work)

/** For which request something is being done; undefined where nobody has asked for it. */
export const requestNow = (): string | undefined => requests.getStore()

/** Whatever is done meanwhile is done for nobody. */
export const forNobody = <T>(work: () => T): T => requests.exit(work)
