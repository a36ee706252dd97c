import type { RouteRecordRaw } from 'vue-router'

/**
 * Pages that people see before they sign in. What these draw is weighed: the build gives their texts and icons with the first load, and
 * everything else comes with `lib/inside.ts`.
 */
export const visitorRoutes: RouteRecordRaw[] = [
  { path: '/', name: 'catalogue', component: () => import('./CataloguePage.vue') },
  { path: '/courses/:slug', name: 'course', props: true, component: () => import('./CoursePage.vue') },
  { path: '/offers/:id', name: 'offer', props: true, component: () => import('./OfferPage.vue') },
  { path: '/legal/:page', name: 'legal', props: true, component: () => import('./LegalPage.vue') },
  { path: '/signed-in', name: 'signed-in', component: () => import('./SignedInPage.vue') },
  { path: '/:rest(.*)*', name: 'not-found', component: () => import('./NotFoundPage.vue') },
]
