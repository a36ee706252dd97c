import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { UserPool } from 'aws-cdk-lib/aws-cognito'
import { FederatedPrincipal, Role } from 'aws-cdk-lib/aws-iam'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { planOf } from '../lib/plan.ts'
import { schoolStacks } from '../stacks/school.ts'

// What is tested here is what we wrote; the construct library's own validation is that of the one strict synthesis.
process.env['CDK_VALIDATION'] = 'false'

export const DOMAIN = {
  domain: 'school.example',
  certificate: 'arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000',
}

export type Resource = { Type: string; DeletionPolicy?: string; Properties?: Record<string, unknown> }
export type Templates = Readonly<Record<string, Template>>

/** The school's stacks over a ground of two bare resources in place of Amplify's, which take ten seconds to make. */
export const templatesOf = (context: Record<string, string> = {}): Templates => {
  const { context: flags } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'cdk.json'), 'utf8'))
  const app = new App({ context: { ...flags, ...context } })
  const ground = new Stack(app, 'ground')
  const userPool = new UserPool(ground, 'pool')
  const teacher = new Role(ground, 'teacher', { assumedBy: new FederatedPrincipal('cognito-identity.amazonaws.com') })
  const stacks = schoolStacks(app, planOf(app.node), {
    userPool,
    userPoolClientId: userPool.addClient('client').userPoolClientId,
    identityPoolId: 'eu-central-1:0a1b2c3d-0000-4000-8000-000000000000',
    teachers: [teacher],
    uploads: new Bucket(ground, 'uploads'),
  })
  return Object.fromEntries(Object.entries(stacks).map(([concern, stack]) => [concern, Template.fromStack(stack)]))
}

/** Every resource of a type, wherever it is, with the stack it is in. */
export const resourcesOf = (templates: Templates, type: string): (Resource & { stack: string; id: string })[] =>
  Object.entries(templates).flatMap(([stack, template]) =>
    // The assertions library answers what the template holds: objects with these fields.
    Object.entries(template.findResources(type) as Record<string, Resource>).map(([id, resource]) => ({ ...resource, stack, id })),
  )

/** A value as one line, with what is known only when it is deployed left standing in brackets. */
export const inWords = (value: unknown): string => {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return String(value)
  const [[name, inner] = ['', undefined]] = Object.entries(value)
  if (name === 'Fn::Join' && Array.isArray(inner)) return inner[1].map(inWords).join(inner[0])
  if (name === 'Ref') return `<${inWords(inner)}>`
  if (name === 'Fn::GetAtt' && Array.isArray(inner)) return `<${inner.join('.')}>`
  return `<${JSON.stringify(value)}>`
}
