import type { RouteRecordRaw } from 'vue-router'
import { notificationRoutes } from './notifications/routes.ts'
import { schoolRoutes } from './school/routes.ts'
import { talkRoutes } from './talk/routes.ts'
import { teachRoutes } from './teach/routes.ts'

/**
 * All pages but those of `visitor-routes.ts`, fetched by `lib/router.ts` when somebody goes to one. A few are open without a sign-in (search,
 * invitations, certificates, the way into a course): they draw what the others draw, and few visitors begin there.
 */
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
  ...schoolRoutes,
]
