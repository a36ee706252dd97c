import { defineBackend } from '@aws-amplify/backend'
import { App } from 'aws-cdk-lib'
import type { IRole } from 'aws-cdk-lib/aws-iam'
import { overrideAuth } from './auth/overrides.ts'
import { auth } from './auth/resource.ts'
import { check } from './lib/nag.ts'
import { planOf } from './lib/plan.ts'
import { schoolStacks } from './stacks/school.ts'
import { overrideStorage } from './storage/overrides.ts'
import { storage } from './storage/resource.ts'

const backend = defineBackend({ auth, storage })
const app = backend.stack.node.root
if (!App.isApp(app)) throw new Error('Amplify has made no app.')
const plan = planOf(app.node)

const roleOfGroup = (name: string): IRole => {
  const group = backend.auth.resources.groups[name]
  if (!group) throw new Error(`Amplify has made no group ${name}.`)
  return group.role
}

overrideAuth(backend.auth.resources, plan)
overrideStorage(backend.storage.resources.cfnResources.cfnBucket, plan)
schoolStacks(app, plan, {
  userPool: backend.auth.resources.userPool,
  userPoolClientId: backend.auth.resources.userPoolClient.userPoolClientId,
  identityPoolId: backend.auth.resources.cfnResources.cfnIdentityPool.ref,
  teachers: ['instructor', 'admin', 'owner'].map(roleOfGroup),
  uploads: backend.storage.resources.bucket,
})
check(app)
