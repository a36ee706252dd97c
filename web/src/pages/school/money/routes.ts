import type { RouteRecordRaw } from 'vue-router'

/** The owner's books: a page with tabs, each loaded when it is first opened. */
export const moneyRoutes: RouteRecordRaw[] = [
  {
    path: '/school/money',
    meta: { needsSignIn: true },
    component: () => import('./MoneyPage.vue'),
    children: [
      { path: '', name: 'school-money', component: () => import('../../../features/money/MoneyOverview.vue') },
      { path: 'orders', name: 'school-money-orders', component: () => import('../../../features/money/OrdersDesk.vue') },
      { path: 'orders/:id', name: 'school-money-order', props: true, component: () => import('../../../features/money/OrderDesk.vue') },
      { path: 'memberships', name: 'school-money-memberships', component: () => import('../../../features/money/MembersDesk.vue') },
      { path: 'inbox', name: 'school-money-inbox', component: () => import('../../../features/money/InboxDesk.vue') },
      { path: 'agreement', name: 'school-money-agreement', component: () => import('../../../features/money/AgreementDesk.vue') },
      { path: 'policy', name: 'school-money-policy', component: () => import('../../../features/money/PolicyDesk.vue') },
    ],
  },
]
