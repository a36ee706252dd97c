import type { RouteRecordRaw } from 'vue-router'
import { notificationRoutes } from './notifications/routes.ts'
import { moneyRoutes } from './school/money/routes.ts'
import { settingsRoutes } from './school/settings/routes.ts'
import { talkRoutes } from './talk/routes.ts'
import { teachRoutes } from './teach/routes.ts'

/** All pages but those for visitors; `lib/router.ts` fetches them when somebody goes where no visitor does. */
export const insideRoutes: RouteRecordRaw[] = [
  { path: '/orders/:id', name: 'order', props: true, meta: { needsSignIn: true }, component: () => import('./OrderPage.vue') },
  { path: '/invitations/:token', name: 'invitation', props: true, component: () => import('./InvitationPage.vue') },
  { path: '/joining/:token', name: 'joining', props: true, component: () => import('./JoiningPage.vue') },
  { path: '/account', name: 'account', meta: { needsSignIn: true }, component: () => import('./AccountPage.vue') },
  { path: '/account/tokens', name: 'tokens', meta: { needsSignIn: true }, component: () => import('./TokensPage.vue') },
  { path: '/purchases', name: 'purchases', meta: { needsSignIn: true }, component: () => import('./PurchasesPage.vue') },
  { path: '/receipts/:id', name: 'receipt', props: true, meta: { needsSignIn: true }, component: () => import('./ReceiptPage.vue') },
  { path: '/learning', name: 'learning', meta: { needsSignIn: true }, component: () => import('./LearningPage.vue') },
  { path: '/learning/notes', name: 'notes', meta: { needsSignIn: true }, component: () => import('./NotesPage.vue') },
  { path: '/calendar', name: 'calendar', meta: { needsSignIn: true }, component: () => import('./CalendarPage.vue') },
  { path: '/certificates/:id(cer_\\w+)', name: 'certificate', props: true, component: () => import('./CertificatePage.vue') },
  // What people make of an address by leaving out its end.
  { path: '/courses', redirect: '/' },
  { path: '/learn', redirect: '/learning' },
  { path: '/learn/:course', name: 'continue', props: true, component: () => import('./ContinuePage.vue') },
  { path: '/search', name: 'search', component: () => import('./SearchPage.vue') },
  ...talkRoutes,
  ...notificationRoutes,
  ...teachRoutes,
  ...moneyRoutes,
  ...settingsRoutes,
  { path: '/school/videos', name: 'school-videos', meta: { needsSignIn: true }, component: () => import('./school/VideosPage.vue') },
  { path: '/school/access', name: 'school-access', meta: { needsSignIn: true }, component: () => import('./school/AccessPage.vue') },
  { path: '/school/offers', name: 'school-offers', meta: { needsSignIn: true }, component: () => import('./school/OffersPage.vue') },
  { path: '/school/coupons', name: 'school-coupons', meta: { needsSignIn: true }, component: () => import('./school/CouponsPage.vue') },
  { path: '/school/people', name: 'school-people', meta: { needsSignIn: true }, component: () => import('./school/PeoplePage.vue') },
  {
    path: '/school/people/:person',
    name: 'school-person',
    meta: { needsSignIn: true },
    component: () => import('./school/PersonPage.vue'),
    props: true,
  },
  { path: '/school/staff', name: 'school-staff', meta: { needsSignIn: true }, component: () => import('./school/StaffPage.vue') },
  { path: '/school/events', name: 'school-events', meta: { needsSignIn: true }, component: () => import('./school/EventsPage.vue') },
  { path: '/school/leaving', name: 'school-leaving', meta: { needsSignIn: true }, component: () => import('./school/LeavingPage.vue') },
  { path: '/school/webhooks', name: 'school-webhooks', meta: { needsSignIn: true }, component: () => import('./school/WebhooksPage.vue') },
  { path: '/school/watching', name: 'school-watching', meta: { needsSignIn: true }, component: () => import('./school/WatchingPage.vue') },
  { path: '/school/alerts', name: 'school-alerts', meta: { needsSignIn: true }, component: () => import('./school/AlertsPage.vue') },
  { path: '/school/audit', name: 'school-audit', meta: { needsSignIn: true }, component: () => import('./school/AuditPage.vue') },
  { path: '/school/content', name: 'school-content', meta: { needsSignIn: true }, component: () => import('./school/ContentPage.vue') },
]
