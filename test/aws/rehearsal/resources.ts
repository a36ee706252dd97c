import * as z from 'zod'
import type { CorsRule } from '../s3-shelf.ts'
import type { Deployment } from './deployment.ts'

/** Properties of CloudFormation's resources, of those that are played here. */

const Keys = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
export const Table = z.object({
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema: Keys,
  BillingMode: z.enum(['PAY_PER_REQUEST', 'PROVISIONED']).exactOptional(),
  GlobalSecondaryIndexes: z
    .array(z.object({ IndexName: z.string(), KeySchema: Keys, Projection: z.object({ ProjectionType: z.enum(['ALL', 'INCLUDE', 'KEYS_ONLY']) }) }))
    .exactOptional(),
  StreamSpecification: z.object({ StreamViewType: z.enum(['NEW_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY', 'OLD_IMAGE']) }).exactOptional(),
})

export const Queue = z.object({
  VisibilityTimeout: z.number().exactOptional(),
  MessageRetentionPeriod: z.number().exactOptional(),
  DelaySeconds: z.number().exactOptional(),
  RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() }).exactOptional(),
})

export const Topic = z.object({ TopicName: z.string() })
export const Secret = z.object({ Name: z.string(), GenerateSecretString: z.object({ PasswordLength: z.number() }).optional() })

export const Pool = z.object({ LambdaConfig: z.object({ PostConfirmation: z.string().exactOptional() }).default({}) })
const Client = z.object({
  CallbackURLs: z.array(z.string()),
  LogoutURLs: z.array(z.string()),
  AllowedOAuthFlows: z.array(z.string()).refine((flows) => flows.includes('code'), 'people sign in by a code'),
  AccessTokenValidity: z.number(),
  TokenValidityUnits: z.object({ AccessToken: z.literal('minutes') }),
})

/** The one pool of people, and the client that the web app is. */
export const poolIn = (deployment: Deployment) => {
  const [[pool], [client]] = [deployment.all('AWS::Cognito::UserPool', Pool), deployment.all('AWS::Cognito::UserPoolClient', Client)]
  if (!pool || !client) throw new Error('The templates have no pool of people with a client.')
  return {
    ...{ id: pool.is.ref, client: client.is.ref, callbacks: client.CallbackURLs, logouts: client.LogoutURLs },
    accessSeconds: client.AccessTokenValidity * 60,
    groups: deployment.all('AWS::Cognito::UserPoolGroup', z.object({ GroupName: z.string() })).map(({ GroupName }) => GroupName),
  }
}

const IdentityPool = z.object({ CognitoIdentityProviders: z.array(z.object({ ClientId: z.string(), ProviderName: z.string() })) })
const Attachment = z.object({ Roles: z.object({ authenticated: z.string() }), RoleMappings: z.record(z.string(), z.object({ Type: z.literal('Token') })) })
const Group = z.object({ GroupName: z.string(), RoleArn: z.string().optional(), Precedence: z.number().default(Number.MAX_SAFE_INTEGER) })
const Tags = z.object({ IdentityProviderName: z.string(), PrincipalTags: z.record(z.string(), z.string()).default({}) })

/** What gives people keys of their own. */
export const identityPoolIn = (deployment: Deployment) => {
  const [pool] = deployment.all('AWS::Cognito::IdentityPool', IdentityPool)
  const [attached] = deployment.all('AWS::Cognito::IdentityPoolRoleAttachment', Attachment)
  if (!pool || !attached) throw new Error('The templates have no identity pool with roles.')
  const groups = deployment.all('AWS::Cognito::UserPoolGroup', Group)
  return {
    id: pool.is.ref,
    providers: pool.CognitoIdentityProviders.map(({ ClientId: client, ProviderName: name }) => ({ name, client })),
    tags: Object.assign({}, ...deployment.all('AWS::Cognito::IdentityPoolPrincipalTag', Tags).map(({ PrincipalTags }) => PrincipalTags)),
    /** The role of the first of somebody's groups by precedence; that of everybody where they are in none. */
    roleOf: (names: readonly string[]): string => {
      const own = groups.filter(({ GroupName, RoleArn }) => names.includes(GroupName) && RoleArn !== undefined)
      return own.toSorted((a, b) => a.Precedence - b.Precedence)[0]?.RoleArn ?? attached.Roles.authenticated
    },
  }
}

const Bucket = z.object({
  CorsConfiguration: z
    .object({
      CorsRules: z.array(
        z.object({
          AllowedOrigins: z.array(z.string()),
          AllowedMethods: z.array(z.string()),
          AllowedHeaders: z.array(z.string()).default([]),
          ExposedHeaders: z.array(z.string()).default([]),
          MaxAge: z.number().exactOptional(),
        }),
      ),
    })
    .default({ CorsRules: [] }),
  NotificationConfiguration: z.object({ EventBridgeConfiguration: z.object({ EventBridgeEnabled: z.boolean() }) }).exactOptional(),
})

/** By name, as S3 itself words their rules. `isTelling`: EventBridge hears of their objects. */
export const bucketsIn = (deployment: Deployment): Record<string, { cors: CorsRule[]; isTelling: boolean }> =>
  Object.fromEntries(
    deployment.all('AWS::S3::Bucket', Bucket).map(({ is, CorsConfiguration, NotificationConfiguration }) => {
      const cors = CorsConfiguration.CorsRules.map(({ ExposedHeaders: ExposeHeaders, MaxAge, ...rule }) => ({
        ...{ ...rule, ExposeHeaders },
        ...(MaxAge !== undefined && { MaxAgeSeconds: MaxAge }),
      }))
      return [is.ref, { cors, isTelling: NotificationConfiguration?.EventBridgeConfiguration.EventBridgeEnabled === true }]
    }),
  )
