import type { Router } from 'vue-router'

/** To know all pages takes a phone longer than to draw one: visitors' browsers know theirs, until somebody goes, or is led by name, elsewhere. */
export const knowAllPages = async (router: Router): Promise<void> => {
  const { insideRoutes } = await import('../pages/inside-routes.ts')
  for (const route of insideRoutes) if (route.name === undefined || !router.hasRoute(route.name)) router.addRoute(route)
}
