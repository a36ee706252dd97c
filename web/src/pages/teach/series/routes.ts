import type { RouteRecordRaw } from 'vue-router'

/** What is written by schedule. */
export const seriesRoutes: RouteRecordRaw[] = [
  { path: '/teach/series', name: 'teach-series', meta: { needsSignIn: true }, component: () => import('./SeriesListPage.vue') },
  { path: '/teach/series/new', name: 'teach-series-new', meta: { needsSignIn: true }, component: () => import('./NewSeriesPage.vue') },
  { path: '/teach/series/:series', name: 'teach-one-series', meta: { needsSignIn: true }, component: () => import('./SeriesPage.vue'), props: true },
  { path: '/teach/series/:series/edit', name: 'teach-series-edit', meta: { needsSignIn: true }, component: () => import('./SeriesFormPage.vue'), props: true },
  { path: '/teach/runs/:run', name: 'teach-run', meta: { needsSignIn: true }, component: () => import('./DraftPage.vue'), props: true },
]
