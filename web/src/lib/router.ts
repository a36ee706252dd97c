import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'
import { visitorRoutes } from '../pages/visitor-routes.ts'
import { knowAllPages } from './all-pages.ts'
import { takeCouponFrom } from './coupon.ts'
import { inside } from './inside.ts'
import { signIn } from './session.ts'
import { accessToken } from './tokens.ts'

export const router = createRouter({
  history: createWebHistory(),
  routes: visitorRoutes,
  scrollBehavior: (to, from, saved) => saved ?? (to.hash ? { el: to.hash, top: 96 } : to.path === from.path ? false : { top: 0 }),
})

router.beforeEach(async (to) => {
  if (to.name !== 'not-found') return true
  await knowAllPages(router)
  return router.resolve(to.fullPath).name === 'not-found' ? true : to.fullPath
})

// Pages of one's own lead through the sign-in and back. If the school cannot be asked, the page itself says so.
router.beforeEach(async (to) => {
  if (!to.meta['needsSignIn']) return true
  try {
    if (await accessToken()) return true
    await signIn(to.fullPath)
    return false
  } catch {
    return true
  }
})

router.beforeEach(takeCouponFrom)

// All but visitors' pages need what visitors do not load. It is on its way while the page itself is fetched.
const isInside = ({ name }: RouteLocationNormalized): boolean => !visitorRoutes.some((route) => route.name === name)
router.beforeEach((to) => {
  // A failure is met below, where the navigation waits for it.
  if (isInside(to)) inside().catch(() => undefined)
})
router.beforeResolve(async (to) => {
  if (isInside(to)) await inside()
})
