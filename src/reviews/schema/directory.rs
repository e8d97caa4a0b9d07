//! Areas, parties and bodies.

use async_graphql::{Context, ID, Object, Result};
use entities::organisation_name;

use super::super::{
    loader::{AreaKey, FormerNamesOf, NamesOf, OrganisationKey, PartyKey},
    service::{name_in, name_on},
    store,
    terms::{AreaKind, Language, PartyKind},
};
use super::objects::{Area, Organisation, Party};
use crate::vocabulary::{Date, EntityCode, Rows, StoreError, Viewer, charged, party_id};

#[Object(use_type_description)]
impl Area {
    /// Opaque.
    #[graphql(tag = "unclassified", tag = "public")]
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.public_id.clone())
    }

    /// What it is.
    #[graphql(tag = "unclassified")]
    async fn kind(&self) -> AreaKind {
        self.0.kind.into()
    }

    /// Code of the statistics division.
    #[graphql(tag = "unclassified")]
    async fn m49(&self) -> Option<&str> {
        self.0.m49.as_deref()
    }

    /// ISO 3166-1 alpha-3 code.
    #[graphql(tag = "unclassified")]
    async fn iso3(&self) -> Option<&str> {
        self.0.iso3.as_deref()
    }

    /// P-code.
    #[graphql(tag = "unclassified")]
    async fn pcode(&self) -> Option<&str> {
        self.0.pcode.as_deref()
    }

    /// What it is called, in English where it has no name in the language.
    #[graphql(tag = "unclassified")]
    async fn name(
        &self,
        #[graphql(default_with = "Some(Language::En)")] language: Option<Language>,
    ) -> &str {
        let row = &self.0;
        let others = [
            &row.name_fr,
            &row.name_es,
            &row.name_ar,
            &row.name_ru,
            &row.name_zh,
        ];
        name_in(
            language.unwrap_or(Language::En).into(),
            &row.name_en,
            others,
        )
    }

    /// The area it lies in.
    #[graphql(tag = "unclassified")]
    async fn parent(&self, context: &Context<'_>) -> Result<Option<Area>> {
        let Some(parent) = self.0.parent_id else {
            return Ok(None);
        };
        Ok(context
            .data::<Rows>()?
            .load_one(AreaKey(parent))
            .await?
            .map(Area))
    }

    /// What has to be said about its designation.
    #[graphql(tag = "unclassified")]
    async fn designation_note(&self) -> Option<&str> {
        self.0.designation_note.as_deref()
    }
}

#[Object(use_type_description)]
impl Party {
    /// Opaque.
    #[graphql(tag = "unclassified")]
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        party_id(context, self.0.id, &self.0.public_id).await
    }

    /// Its name of today.
    #[graphql(tag = "unclassified")]
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The names it had, the last first.
    #[graphql(tag = "unclassified")]
    async fn former_names(&self, context: &Context<'_>) -> Result<Vec<String>> {
        let names = context
            .data::<Rows>()?
            .load_one(FormerNamesOf(self.0.id))
            .await?;
        Ok(names
            .unwrap_or_default()
            .into_iter()
            .map(|name| name.name)
            .collect())
    }

    /// Whether it is a State's.
    #[graphql(tag = "unclassified")]
    async fn kind(&self) -> PartyKind {
        self.0.kind.into()
    }

    /// The party it split from.
    #[graphql(tag = "unclassified")]
    async fn split_from(&self, context: &Context<'_>) -> Result<Option<Party>> {
        let Some(origin) = self.0.split_from_id else {
            return Ok(None);
        };
        Ok(context
            .data::<Rows>()?
            .load_one(PartyKey(origin))
            .await?
            .map(Party))
    }
}

#[Object(use_type_description)]
impl Organisation {
    /// Its code, which never changes.
    #[graphql(tag = "unclassified")]
    async fn code(&self) -> EntityCode {
        self.0.record_key.clone().into()
    }

    /// Its name on a day, today unless given; in English where it has none in the language.
    #[graphql(tag = "unclassified")]
    async fn name(
        &self,
        context: &Context<'_>,
        on: Option<Date>,
        #[graphql(default_with = "Some(Language::En)")] language: Option<Language>,
    ) -> Result<String> {
        let names = self.names(context).await?;
        let (day, language) = (day(context, on)?, language.unwrap_or(Language::En));
        let name = name_on(&names, day, language.into());
        Ok(name.map_or_else(|| self.0.record_key.clone(), |name| name.name.clone()))
    }

    /// Its abbreviation on a day, today unless given.
    #[graphql(tag = "unclassified")]
    async fn abbreviation(&self, context: &Context<'_>, on: Option<Date>) -> Result<String> {
        let names = self.names(context).await?;
        let name = name_on(&names, day(context, on)?, Language::En.into());
        Ok(name.map_or_else(
            || self.0.record_key.clone(),
            |name| name.abbreviation.clone(),
        ))
    }

    /// The body that took over from it.
    #[graphql(tag = "unclassified")]
    async fn successor(&self, context: &Context<'_>) -> Result<Option<Organisation>> {
        let Some(successor) = self.0.successor_id else {
            return Ok(None);
        };
        let key = OrganisationKey(successor);
        Ok(context
            .data::<Rows>()?
            .load_one(key)
            .await?
            .map(Organisation))
    }

    /// What the plan of action calls it.
    #[graphql(tag = "unclassified")]
    async fn named_in_plan_as(&self) -> Option<&str> {
        self.0.named_in_plan_as.as_deref()
    }
}

impl Organisation {
    async fn names(&self, context: &Context<'_>) -> Result<Vec<organisation_name::Model>> {
        let names = context.data::<Rows>()?.load_one(NamesOf(self.0.id)).await?;
        Ok(names.unwrap_or_default())
    }
}

fn day(context: &Context<'_>, on: Option<Date>) -> Result<chrono::NaiveDate> {
    Ok(match on {
        Some(Date(day)) => day,
        None => context.data::<Viewer>()?.today(),
    })
}

/// All bodies, by code.
pub(super) async fn organisations(context: &Context<'_>) -> Result<Vec<Organisation>> {
    let loader = context.data::<Rows>()?.loader();
    let rows = sea_orm::Select::all(store::organisations(&loader.viewer), &loader.database.read)
        .await
        .map_err(StoreError::from)?;
    charged(context, rows, Organisation)
}
