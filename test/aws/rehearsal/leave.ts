import * as z from 'zod'
import { matchesPattern } from '#core/delivery/behaviours.ts'
import { ACCOUNT, type Ask } from '../endpoint.ts'
import type { Deployment } from './deployment.ts'

const list = z.union([z.string().transform((one) => [one]), z.array(z.string())])
const Statement = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Action: list,
  Resource: list.optional(),
  Principal: z.union([z.literal('*'), z.record(z.string(), list)]).optional(),
  Condition: z.record(z.string(), z.record(z.string(), list)).default({}),
})
export type Statement = z.infer<typeof Statement>
const Document = z.object({ Statement: z.array(Statement) })

export const statementsIn = (document: unknown): Statement[] => Document.parse(document).Statement

/** What a policy may ask about a call besides the call: `aws:SourceArn`, `iam:PassedToService`. */
export type Context = Record<string, string>

/** Everything here is asked over TLS as far as a policy is concerned: a wire of this machine has none. */
const always: Context = { 'aws:SecureTransport': 'true', 'aws:SourceAccount': ACCOUNT }

const OPERATORS: Record<string, (value: string, wanted: string) => boolean> = {
  StringEquals: (value, wanted) => value === wanted,
  StringLike: (value, wanted) => matchesPattern(wanted, value),
  ArnLike: (value, wanted) => matchesPattern(wanted, value),
  ArnEquals: (value, wanted) => matchesPattern(wanted, value),
  'ForAnyValue:StringLike': (value, wanted) => matchesPattern(wanted, value),
  Bool: (value, wanted) => value === wanted,
}

const isMet = ({ Condition }: Statement, context: Context): boolean =>
  Object.entries(Condition).every(([operator, keys]) => {
    const compare = OPERATORS[operator]
    // A condition that is not understood must not look like one that is met.
    if (!compare) throw new Error(`No policy condition ${operator} is understood here.`)
    return Object.entries(keys).every(([key, wanted]) => {
      const value = context[key]
      return value !== undefined && wanted.some((each) => compare(value, each))
    })
  })

/** A resource with what it says of the caller filled in; one that asks what is not known of them is nobody's. */
const filled = (resource: string, context: Context): string | undefined => {
  const asked = [...resource.matchAll(/\$\{([^}]+)\}/g)].map(([, name = '']) => name)
  return asked.every((name) => context[name] !== undefined) ? resource.replace(/\$\{([^}]+)\}/g, (_, name: string) => context[name] ?? '') : undefined
}

const isAbout = ({ Action, Resource = ['*'] }: Statement, { action, resource }: Ask, context: Context): boolean =>
  Action.some((each) => matchesPattern(each.toLowerCase(), action.toLowerCase())) &&
  Resource.map((each) => filled(each, context)).some((each) => each !== undefined && matchesPattern(each, resource))

const isFor = ({ Principal }: Statement, service: string): boolean =>
  Principal === '*' || (Principal !== undefined && ((Principal['AWS'] ?? []).includes('*') || (Principal['Service'] ?? []).includes(service)))

const decides = (statements: readonly Statement[], ask: Ask, context: Context): boolean => {
  const about = statements.filter((statement) => isAbout(statement, ask, context) && isMet(statement, { ...always, ...context }))
  return about.some(({ Effect }) => Effect === 'Allow') && !about.some(({ Effect }) => Effect === 'Deny')
}

const Role = z.object({ AssumeRolePolicyDocument: z.unknown(), Policies: z.array(z.object({ PolicyDocument: z.unknown() })).default([]) })
const Policy = z.object({ PolicyDocument: z.unknown(), Roles: z.array(z.string()).default([]) })
const QueuePolicy = z.object({ PolicyDocument: z.unknown(), Queues: z.array(z.string()) })
const BucketPolicy = z.object({ PolicyDocument: z.unknown(), Bucket: z.string() })
const Permission = z.object({ Action: z.string(), FunctionName: z.string(), Principal: z.string(), SourceArn: z.string().optional() })

/** What IAM would say: by the roles and policies of the templates, and by nothing else. */
export const leaveOf = (deployment: Deployment) => {
  const roles = deployment.all('AWS::IAM::Role', Role).map(({ is, AssumeRolePolicyDocument, Policies }) => ({
    name: is.ref,
    arn: is.attributes['Arn'] ?? '',
    trusts: statementsIn(AssumeRolePolicyDocument),
    own: Policies.flatMap(({ PolicyDocument }) => statementsIn(PolicyDocument)),
  }))
  // What is too long for a policy of a role's own is in a managed one.
  const attached = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) => deployment.all(type, Policy))
  const byRole = new Map(
    roles.map(({ name, own }) => [
      name,
      [...own, ...attached.flatMap(({ PolicyDocument, Roles }) => (Roles.includes(name) ? statementsIn(PolicyDocument) : []))],
    ]),
  )
  const ofQueues = deployment.all('AWS::SQS::QueuePolicy', QueuePolicy)
  const ofBuckets = deployment.all('AWS::S3::BucketPolicy', BucketPolicy)
  const permissions = deployment.all('AWS::Lambda::Permission', Permission)
  return {
    /** A role by its name or ARN. */
    role: (nameOrArn: string) => roles.find(({ name, arn }) => name === nameOrArn || arn === nameOrArn),
    /** Whether the statements of a role allow this. */
    may: (role: string, ask: Ask, context: Context = {}): boolean => decides(byRole.get(role) ?? [], ask, context),
    /** Whether a service of AWS may act as a role. */
    mayAssume: (nameOrArn: string, service: string): boolean => {
      const found = roles.find(({ name, arn }) => name === nameOrArn || arn === nameOrArn)
      return decides(
        (found?.trusts ?? []).filter((statement) => isFor(statement, service)),
        { action: 'sts:AssumeRole', resource: '*' },
        {},
      )
    },
    /** Whether an identity pool may give its people keys of a role, tagged with whose they are. */
    mayBeGiven: (roleArn: string, pool: string): boolean => {
      const trusts = roles.find(({ arn }) => arn === roleArn)?.trusts ?? []
      const context = { 'cognito-identity.amazonaws.com:aud': pool, 'cognito-identity.amazonaws.com:amr': 'authenticated' }
      const federated = trusts.filter(({ Principal }) => Principal !== '*' && (Principal?.['Federated'] ?? []).includes('cognito-identity.amazonaws.com'))
      return ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'].every((action) => decides(federated, { action, resource: '*' }, context))
    },
    /** Whether a queue lets a service of AWS put something in. */
    mayReach: (queueUrl: string, { service, resource, source }: { service: string; resource: string; source: string }): boolean => {
      const statements = ofQueues.flatMap(({ Queues, PolicyDocument }) => (Queues.includes(queueUrl) ? statementsIn(PolicyDocument) : []))
      const about = statements.filter((statement) => isFor(statement, service))
      return decides(about, { action: 'sqs:SendMessage', resource }, { 'aws:SourceArn': source })
    },
    /** Whether a bucket lets a service of AWS read an object. */
    mayRead: (bucket: string, { service, resource, source }: { service: string; resource: string; source: string }): boolean => {
      const statements = ofBuckets.flatMap(({ Bucket, PolicyDocument }) => (Bucket === bucket ? statementsIn(PolicyDocument) : []))
      const about = statements.filter((statement) => isFor(statement, service))
      return decides(about, { action: 's3:GetObject', resource }, { 'aws:SourceArn': source })
    },
    /** Whether a service of AWS may call a function by the function's own policy. */
    mayInvoke: (functionArn: string, service: string, source: string): boolean =>
      permissions.some(
        ({ Action, FunctionName, Principal, SourceArn }) =>
          Action === 'lambda:InvokeFunction' &&
          (FunctionName === functionArn || functionArn.endsWith(`:${FunctionName}`)) &&
          Principal === service &&
          (SourceArn === undefined || matchesPattern(SourceArn, source)),
      ),
  }
}

export type Leave = ReturnType<typeof leaveOf>
