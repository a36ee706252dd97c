import type { RouteRecordRaw } from 'vue-router'
import { moneyRoutes } from './money/routes.ts'
import { settingsRoutes } from './settings/routes.ts'

const meta = { needsSignIn: true }

/** The desks of the school; `lib/places.ts` says who is shown which. */
export const schoolRoutes: RouteRecordRaw[] = [
  { path: '/school', name: 'school', meta, component: () => import('./SchoolPage.vue') },
  ...moneyRoutes,
  ...settingsRoutes,
  {
    path: '/school/people',
    meta,
    component: () => import('./PeoplePage.vue'),
    children: [
      { path: '', name: 'school-people', component: () => import('../../features/people/PeopleDesk.vue') },
      { path: 'staff', name: 'school-staff', component: () => import('../../features/accounts/StaffDesk.vue') },
      { path: 'leaving', name: 'school-leaving', component: () => import('../../features/privacy/ErasuresDesk.vue') },
    ],
  },
  { path: '/school/people/:person', name: 'school-person', meta, component: () => import('./PersonPage.vue'), props: true },
  // Where they used to be: letters and bookmarks lead there.
  { path: '/school/staff', redirect: '/school/people/staff' },
  { path: '/school/leaving', redirect: '/school/people/leaving' },
  { path: '/school/films', name: 'school-films', meta, component: () => import('./FilmsPage.vue') },
  { path: '/school/videos', name: 'school-videos', meta, component: () => import('./VideosPage.vue') },
  { path: '/school/watching', name: 'school-watching', meta, component: () => import('./WatchingPage.vue') },
  { path: '/school/content', name: 'school-content', meta, component: () => import('./ContentPage.vue') },
  { path: '/school/access', name: 'school-access', meta, component: () => import('./AccessPage.vue') },
  { path: '/school/offers', name: 'school-offers', meta, component: () => import('./OffersPage.vue') },
  { path: '/school/coupons', name: 'school-coupons', meta, component: () => import('./CouponsPage.vue') },
  { path: '/school/health', name: 'school-health', meta, component: () => import('./HealthPage.vue') },
  { path: '/school/storage', name: 'school-storage', meta, component: () => import('./StoragePage.vue') },
  { path: '/school/letters', name: 'school-letters', meta, component: () => import('./LettersPage.vue') },
  { path: '/school/alerts', name: 'school-alerts', meta, component: () => import('./AlertsPage.vue') },
  { path: '/school/events', name: 'school-events', meta, component: () => import('./EventsPage.vue') },
  { path: '/school/webhooks', name: 'school-webhooks', meta, component: () => import('./WebhooksPage.vue') },
  { path: '/school/audit', name: 'school-audit', meta, component: () => import('./AuditPage.vue') },
]
