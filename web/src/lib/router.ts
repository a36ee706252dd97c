import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteRecordRaw } from 'vue-router'
import { notificationRoutes } from '../pages/notifications/routes.ts'
import { moneyRoutes } from '../pages/school/money/routes.ts'
import { settingsRoutes } from '../pages/school/settings/routes.ts'
import { talkRoutes } from '../pages/talk/routes.ts'
import { teachRoutes } from '../pages/teach/routes.ts'
import { visitorRoutes } from '../pages/visitor-routes.ts'
import { takeCouponFrom } from './coupon.ts'
import { inside } from './inside.ts'
import { signIn } from './session.ts'
import { accessToken } from './tokens.ts'

const routes: RouteRecordRaw[] = [
  ...visitorRoutes,
  { path: '/orders/:id', name: 'order', props: true, meta: { needsSignIn: true }, component: () => import('../pages/OrderPage.vue') },
  { path: '/invitations/:token', name: 'invitation', props: true, component: () => import('../pages/InvitationPage.vue') },
  { path: '/joining/:token', name: 'joining', props: true, component: () => import('../pages/JoiningPage.vue') },
  { path: '/account', name: 'account', meta: { needsSignIn: true }, component: () => import('../pages/AccountPage.vue') },
  { path: '/account/tokens', name: 'tokens', meta: { needsSignIn: true }, component: () => import('../pages/TokensPage.vue') },
  { path: '/purchases', name: 'purchases', meta: { needsSignIn: true }, component: () => import('../pages/PurchasesPage.vue') },
  { path: '/receipts/:id', name: 'receipt', props: true, meta: { needsSignIn: true }, component: () => import('../pages/ReceiptPage.vue') },
  { path: '/learning', name: 'learning', meta: { needsSignIn: true }, component: () => import('../pages/LearningPage.vue') },
  { path: '/learning/notes', name: 'notes', meta: { needsSignIn: true }, component: () => import('../pages/NotesPage.vue') },
  { path: '/calendar', name: 'calendar', meta: { needsSignIn: true }, component: () => import('../pages/CalendarPage.vue') },
  { path: '/certificates/:id(cer_\\w+)', name: 'certificate', props: true, component: () => import('../pages/CertificatePage.vue') },
  // What people make of an address by leaving out its end.
  { path: '/courses', redirect: '/' },
  { path: '/learn', redirect: '/learning' },
  { path: '/learn/:course', name: 'continue', props: true, component: () => import('../pages/ContinuePage.vue') },
  { path: '/search', name: 'search', component: () => import('../pages/SearchPage.vue') },
  ...talkRoutes,
  ...notificationRoutes,
  ...teachRoutes,
  ...moneyRoutes,
  ...settingsRoutes,
  { path: '/school/videos', name: 'school-videos', meta: { needsSignIn: true }, component: () => import('../pages/school/VideosPage.vue') },
  { path: '/school/access', name: 'school-access', meta: { needsSignIn: true }, component: () => import('../pages/school/AccessPage.vue') },
  { path: '/school/offers', name: 'school-offers', meta: { needsSignIn: true }, component: () => import('../pages/school/OffersPage.vue') },
  { path: '/school/coupons', name: 'school-coupons', meta: { needsSignIn: true }, component: () => import('../pages/school/CouponsPage.vue') },
  { path: '/school/people', name: 'school-people', meta: { needsSignIn: true }, component: () => import('../pages/school/PeoplePage.vue') },
  {
    path: '/school/people/:person',
    name: 'school-person',
    meta: { needsSignIn: true },
    component: () => import('../pages/school/PersonPage.vue'),
    props: true,
  },
  { path: '/school/staff', name: 'school-staff', meta: { needsSignIn: true }, component: () => import('../pages/school/StaffPage.vue') },
  { path: '/school/events', name: 'school-events', meta: { needsSignIn: true }, component: () => import('../pages/school/EventsPage.vue') },
  { path: '/school/leaving', name: 'school-leaving', meta: { needsSignIn: true }, component: () => import('../pages/school/LeavingPage.vue') },
  { path: '/school/webhooks', name: 'school-webhooks', meta: { needsSignIn: true }, component: () => import('../pages/school/WebhooksPage.vue') },
  { path: '/school/watching', name: 'school-watching', meta: { needsSignIn: true }, component: () => import('../pages/school/WatchingPage.vue') },
  { path: '/school/audit', name: 'school-audit', meta: { needsSignIn: true }, component: () => import('../pages/school/AuditPage.vue') },
  { path: '/school/content', name: 'school-content', meta: { needsSignIn: true }, component: () => import('../pages/school/ContentPage.vue') },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.hash ? { el: to.hash, top: 96 } : to.path === from.path ? false : { top: 0 }),
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
