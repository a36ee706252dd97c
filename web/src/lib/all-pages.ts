import type { Router } from 'vue-router'

let coming: Promise<void> | undefined

/** To know all pages takes a phone longer than to draw one: visitors' browsers know theirs, until somebody goes, or is led by name, elsewhere. */
export const knowAllPages = (router: Router): Promise<void> => {
  coming ??= import('../pages/inside-routes.ts')
    .then(({ insideRoutes }) => {
      for (const route of insideRoutes) router.addRoute(route)
    })
    .catch((error: unknown) => {
      coming = undefined
      throw error
    })
  return coming
}
