import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { teachRoutes } from '../pages/teach/routes.ts'

const routes: RouteRecordRaw[] = [
  { path: '/', name: 'catalogue', component: () => import('../pages/CataloguePage.vue') },
  { path: '/signed-in', name: 'signed-in', component: () => import('../pages/SignedInPage.vue') },
  ...teachRoutes,
  { path: '/:rest(.*)*', name: 'not-found', component: () => import('../pages/NotFoundPage.vue') },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.hash ? { el: to.hash, top: 96 } : to.path === from.path ? false : { top: 0 }),
})
