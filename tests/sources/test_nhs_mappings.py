"""National data sets, in their own field names and codes, read as what they say.

Every extract here is invented. One import reads them all.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from theograph.sources.mapping import shipped_mappings
from theograph.sources.recognise import recognise_layout

if TYPE_CHECKING:
    from tests.conftest import Imported, Read

FILES = {
    "hes_apc.csv": (
        "EPIKEY|TOKEN_PERSON_ID|EPISTART|EPIEND|ADMIDATE|DISDATE|ELECDATE|ADMIMETH|CLASSPAT|"
        "DISMETH|DISDEST|EPISTAT|PROVSPNOPS|PROCODE3|TRETSPEF|DIAG_01|DIAG_02|OPERTN_01|SUSHRG|"
        "SEX|STARTAGE\n"
        "501|HA|2018-05-01|2018-05-03|2018-05-01|2018-05-09|1800-01-01|2A|1|1|19|3|SP1|RX1|300|"
        "J441|E119|-   |DZ65G|2|71\n"
        "502|HA|2018-05-03|2018-05-09|2018-05-01|2018-05-09|1801-01-01|2A|1|1|19|3|SP1|RX1|340|"
        "J181|-   |E852|DZ11R|2|71\n"
        "503|HA|1801-01-01|1800-01-01|2018-07-02|2018-07-02|2018-06-01|11|2|1|19|3|-  |RX1|130|"
        "H259|-|C712|BZ34C|2|71\n"
        "504|HB|2018-08-01|1802-01-01|2018-08-01|1800-01-01|1800-01-01|82|1|8|98|1|SP4|RX1|420|"
        "&|-|-|PB03Z|1|7001\n"
        "505|HC|1800-01-01|1800-01-01|1802-01-01|1800-01-01|1800-01-01|99|9|9|99|3|SP5|RX1|&|"
        "R69X|-|-||0|40\n"
        "506|HC|2018-09-01|2018-09-20|2018-09-01|2018-09-20|1800-01-01|21|1|4|79|3|SP6|RX1|430|"
        "I639|-|-|AA35A|1|7007\n"
        "507|HD|2018-09-01|2018-09-20|2018-09-01|2018-09-20|1800-01-01|81|1|1|19|3|SP7|RY2|318|"
        "Z501|-|-||1|83\n"
        "508|HD|2018-10-01|2018-11-20|2018-10-01|2018-11-20|1800-01-01|25|1|1|19|3|SP8|RY3|710|"
        "F322|-|-||1|83\n"
        "509|HD|2018-12-01|2018-12-02|1801-01-01|1800-01-01|1800-01-01|98|1|8|98|3|-|RX1|300|"
        "R69X|-|-||1|83\n"
    ),
    "hes_op.csv": (
        "ATTENDKEY,PSEUDO_HESID,APPTDATE,REQDATE,ATTENDED,FIRSTATT,OUTCOME,TRETSPEF,PROCODE3,"
        "OPERTN_01,SUSHRG,SEX,APPTAGE\n"
        "601,HA,2018-03-02,1800-01-01,5,1,2,340,RX1,-   ,WF01A,2,71\n"
        "602,HA,2018-04-02,2018-03-02,3,2,9,340,RX1,-   ,WF01A,2,71\n"
        "603,HA,2018-05-22,1801-01-01,6,4,1,400,RX1,&   ,,2,71\n"
        "604,HB,2018-06-02,1800-01-01,2,1,9,130,RX1,-,,1,7005\n"
        "605,HA,2018-06-30,1800-01-01,5,2,1,130,RX1,C751,BZ84A,2,71\n"
        "606,HD,2018-06-30,1800-01-01,7,2,1,715,RY3,-,,1,83\n"
        "607,HD,2018-06-30,1800-01-01,0,2,9,430,RY3,-,,1,83\n"
        "608,HD,1800-01-01,1800-01-01,5,2,9,430,RY3,-,,1,83\n"
    ),
    "hes_ae.csv": (
        "AEKEY,PSEUDO_HESID,ARRIVALDATE,ARRIVALTIME,DEPTIME,DEPDUR,AEDEPTTYPE,AEATTENDCAT,"
        "AEATTENDDISP,DIAG2_01,DIAGSCHEME,PROCODE3,PROCODET,SEX,ARRIVALAGE,SUSLDDATE_HIS\n"
        "701,HA,2018-05-01,0931,1312,221,01,1,01,25,01,RX1,RX1-X,2,71.0,1802-01-01 00:00:00\n"
        "702,HB,2018-05-02,4000,4000,,03,3,12,-  ,01,RX1,RX1-X,1,7002,1802-01-01 00:00:00\n"
        "703,HB,2018-05-03,0005,0105,60,4,2,3,J441,02,RX1,RX1-X,1,7003,1802-01-01 00:00:00\n"
        "704,HC,2018-05-03,2359,0009,10,99,9,99,,,RX1,RX1-X,0,40.0,1802-01-01 00:00:00\n"
        "705,HC,1801-01-01,1000,1100,60,01,1,03,38,01,RX1,RX1-X,0,40.0,1802-01-01 00:00:00\n"
    ),
    "mhsds_contacts.csv": (
        "CareContactId,Person_ID,ServiceRequestId,OrgIDProv,CareContDate,CareContTime,"
        "ClinContDurOfCareCont,ConsMechanismMH,AttendStatus,PlannedCareContIndicator,"
        "ActLocTypeCode,ServTeamTypeRefToMH,ReferralRequestReceivedDate\n"
        "801,M1,R1,RV3,2022-03-04,10:15:00,45,01,5,Y,A01,A07,2022-01-10\n"
        "802,M1,R1,RV3,2022-03-11,10:15:00,45,02,3,Y,,A06,2022-01-10\n"
        "803,M1,R2,RV3,2022-03-12,23:50:00,90,11,6,N,,A02,2022-03-12\n"
        "804,M1,R2,RV3,2022-03-13,,,01,5,N,B01,A11,2022-03-12\n"
        "805,M1,R3,RV3,2022-03-14,,,01,4,Y,,A17,\n"
    ),
    "mhsds_referrals.csv": (
        "ServiceRequestId,Person_ID,OrgIDProv,ReferralRequestReceivedDate,"
        "ReferralRequestReceivedTime,SourceOfReferralMH,ClinRespPriorityType,ServDischDate,"
        "ReferRejectionDate\n"
        "R1,M1,RV3,2022-01-10,09:00:00,A1,3,2022-09-30,\n"
        "R2,M1,RV3,2022-03-12,23:00:00,H1,1,,2022-03-12\n"
    ),
    "mhsds_spells.csv": (
        "HospProvSpellID,Person_ID,OrgIDProv,StartDateHospProvSpell,DischDateHospProvSpell,"
        "DecidedToAdmitDate,MethAdmMHHospProvSpell,DestOfDischHospProvSpell,"
        "StartDateClinReadyforDisch\n"
        "H1,M1,RV3,2022-03-13,2022-04-20,2022-03-12,2A,19,2022-04-10\n"
        "H2,M1,RV3,2022-11-01,,,12,,\n"
    ),
    "cyp201.csv": (
        "CARE CONTACT IDENTIFIER,PERSON ID,ORGANISATION IDENTIFIER (CODE OF PROVIDER),"
        "CARE CONTACT DATE,CARE CONTACT TIME,CLINICAL CONTACT DURATION OF CARE CONTACT,"
        "CONSULTATION MEDIUM USED,ATTENDED OR DID NOT ATTEND CODE,ACTIVITY LOCATION TYPE CODE\n"
        "901,C1,RY2,2022-05-04,09:30:00,30,01,5,A01\n"
        "902,C1,RY2,2022-05-11,09:30:00,30,02,7,\n"
        "903,C1,RY2,2022-05-18,,,03,2,\n"
    ),
    "csds.csv": (
        "CARE CONTACT IDENTIFIER,PERSON ID,ORGANISATION IDENTIFIER (CODE OF PROVIDER),"
        "CARE CONTACT DATE,SERVICE OR TEAM TYPE REFERRED TO (COMMUNITY CARE),"
        "REFERRAL REQUEST RECEIVED DATE,CONSULTATION MECHANISM (COMMUNITY CARE),ATTENDANCE STATUS\n"
        "911,C1,RY2,2022-05-04,District Nursing Service,2022-05-01,01,5\n"
        "912,C1,RY2,2022-05-05,Wheelchair Service,2022-05-01,11,6\n"
    ),
    "ecds.csv": (
        "attendance.unique_identifier,patient.nhs_number.value Pseudo,attendance.arrival.date,"
        "attendance.arrival.time,attendance.departure.date,attendance.departure.time,"
        "attendance.location.department_type,attendance.arrival.attendance_category,"
        "clinical.chief_complaint.code,attendance.discharge.status.code,"
        "attendance.discharge.destination.code,system.record.provider,"
        "commissioning.national_pricing.final_price\n"
        "E1,S1,2022-06-01,10:00:00,2022-06-01,13:45:00,01,1,267036007,,306706006,RX1,260.50\n"
        "E2,S1,2022-06-02,22:00:00,2022-06-03,01:15:00,05,4,22253000,,306689006,RX1,\n"
        "E3,S1,2022-06-04,12:00:00,,,03,2,22253000,1066301000000103,,RX1,\n"
    ),
    "sus_apc.csv": (
        "PRIMARYKEY_ID,spell.hospital_provider_spell_number,"
        "spell.patient.identity.nhs_number.value Pseudo,spell.admission.date,"
        "spell.admission.time,spell.discharge.date,spell.discharge.time,spell.admission.method,"
        "spell.admission.patient_classification,spell.discharge.destination,"
        "spell.discharge.ready_date,spell.discharge.to_hospital_at_home,"
        "spell.commissioning.grouping.core_hrg\n"
        "A1,SP1,S1,2022-06-01,13:45,2022-06-08,11:00,2D,1,54,2022-06-05,N,DZ65G\n"
        "A2,SP2,S1,2022-07-01,08:00,2022-07-01,17:00,12,2,19,,,BZ34C\n"
        "A3,SP3,S1,2022-08-01,08:00,,,31,1,,,,\n"
        "A4,SP4,S1,2022-09-01,08:00,2022-09-05,10:00,28,1,19,,Y,\n"
    ),
    "sus_op.csv": (
        "appointment.identifier,appointment.patient.identity.nhs_number.value Pseudo,"
        "appointment.date,appointment.time,appointment.attended_or_dna,"
        "appointment.consultation_medium,appointment.care_professional.treatment_function,"
        "appointment.outcome,appointment.referral.received_date\n"
        "O1,S1,2022-06-20,09:10:00,6,01,340,2,2022-05-02\n"
        "O2,S1,2022-07-20,09:10:00,3,01,340,,2022-05-02\n"
        "O3,S1,2022-07-21,09:10:00,4,11,400,,\n"
        "O4,S1,2022-07-22,09:10:00,7,02,727,,\n"
    ),
    "cld_release_1.csv": (
        "LA Code,NHS Number,LA Person Unique Identifier,GP Practice Name,Gender,Ethnicity,"
        "Date of Birth,Date of Death,Client Type,Event Type,Event Reference,Event Start Date,"
        "Event End Date,Event Description,Event Outcome,Request: Route of Access,Assessment Type,"
        "Service Type,Service Component,Provider CQC Location Name,Unit Cost,"
        "Cost Frequency (Unit Type),Planned units per week\n"
        "111,,L1,Mill Surgery,Female,A,19/08/1946,,Service User,Request,V1,01/02/2023,01/02/2023,"
        ",,Discharge from Hospital,,,,,,,\n"
        "111,,L1,Mill Surgery,Female,A,19/08/1946,,Carer,Assessment,V2,13/02/2023,,,,,"
        "Carer assessment,,,,,,\n"
        "111,,L1,Mill Surgery,Female,A,19/08/1946,,Service User,Service,V3,20/02/2023,,,,,,"
        "Long Term Support: Community,Home Support,Bright Care Ltd,22.50,Hourly,7\n"
    ),
    "cld_release_2.csv": (
        "LA_Code,NHS_Number,LA_Person_Unique_Identifier,Gender,Date_of_Birth,Client_Type,"
        "Event_Type,Event_Reference,Event_Start_Date,Event_End_Date,Service_Type,"
        "Service_Component,Provider_CQC_Location_ID,Unit_Cost,Cost_Frequency_Unit_Type\n"
        "111,,L2,Male,1940-01-31,Unpaid carer,Assessment,W1,2024-05-01,2024-05-03,,,,,\n"
        "111,,L2,Male,1940-01-31,Service user,Service,W2,2024-05-08,2024-06-19,"
        "Short Term Support: ST-Max,Reablement,1-101,2100,One-off\n"
        "111,,L2,Male,1940-01-31,Service user,Review,W3,2024-06-19,,,,,,\n"
    ),
    "ambulance.csv": (
        "ambulance_incident_number,Der_Pseudo_NHS_Number,call_date,time_call_connected,"
        "time_call_answered,time_resource_arrived_on_scene,receiving_location_type_cad,"
        "chief_complaint_call_triage_code\n"
        "N1,S1,2022-06-01,2022-06-01 08:12:30,2022-06-01 08:12:33,2022-06-01 08:31:00,ED,28\n"
        "N2,S1,2022-06-09,21:05:00,21:05:02,,,17\n"
        "N3,S1,2022-06-10,21:05:00,21:05:02,2022-06-10 21:40:00,ZZZZZ,17\n"
        "N4,S1,2022-06-11,21:05:00,21:05:02,2022-06-11 21:40:00,UTC,17\n"
    ),
    "nhs111.csv": (
        "Call ID,Pseudo NHS NUMBER,Start Date,In_Out_Hours,Final Disposition Code,Symptom_Group,"
        "GP National ID,Patient Sex Text\n"
        "Q1,S1,2022-06-08 19:20:11,Out of hours,Dx012,Breathing problems,A81001,Female\n"
    ),
    "nhs111_cases.csv": (
        "PRIMARYKEY_ID,Pseudo CaseID,Pseudo NHSNumber,CaseStarted,CaseClosedAt,FollowUps,"
        "num booked,num walkins\n"
        "K1,X1,S1,2022-06-08 19:40:00,2022-06-08 20:10:00,0,1,0\n"
    ),
    "olids.csv": (
        "ID,PERSON_ID,START_DATE,DATE_TIME_BOOKED,PLANNED_DURATION,ACTUAL_DURATION,"
        "APPOINTMENT_STATUS_CODE,APPOINTMENT_STATUS_DISPLAY,CONTACT_MODE_DISPLAY,"
        "NATIONAL_SLOT_CATEGORY_NAME,CONTEXT_TYPE,SERVICE_SETTING,PRACTITIONER_IN_ROLE_ID\n"
        "G1,P1,2022-04-07T10:20:00,2022-03-31T12:20:00,10,14,5,Attended,Telephone/Audio,"
        "General Consultation Acute,Appointment,General practice,PR1\n"
        "G2,P1,2022-04-08T10:20:00,,10,,3,DNA,Face to Face (Surgery),Planned Clinics,Appointment,"
        "General practice,PR1\n"
        "G3,,2022-04-08T10:30:00,,10,,0,Available,Face to Face (Surgery),Planned Clinics,"
        "Appointment,General practice,PR1\n"
    ),
    "gp_appointments.csv": (
        "SlotGuid,PatientGuid,AppointmentDate,AppointmentStartTime,PlannedDurationInMinutes,"
        "ActualDurationInMinutes,DidNotAttend,BookedDate,BookedTime,SlotStatus,SlotType,"
        "ModeOfContact,OrganisationGuid\n"
        "T1,{P-1},2022-04-07,10:20:00,10,12,FALSE,2022-04-01,08:05:00,Left,Routine GP,"
        "Face to face,{ORG}\n"
        "T2,{P-1},2022-04-14,0.458333333333333,10,,TRUE,2022-04-07,0.604166666666667,Booked,"
        "Saturday Nurse Appointments,Face to face,{ORG}\n"
        "T3,{P-1},2022-04-21,11:00:00,10,,FALSE,2022-04-14,10:00:00,Cancelled,Telephone triage,"
        "Telephone,{ORG}\n"
        "T4,,2022-04-21,11:10:00,10,,,,,Slot Available,Routine GP,Face to face,{ORG}\n"
        "T5,{P-1},2022-04-28,11:00:00,10,,FALSE,2022-04-14,10:00:00,Booked,Home visit,Home visit,"
        "{ORG}\n"
        "T6,{P-1},2022-05-05,11:00:00,10,4,FALSE,2022-04-14,10:00:00,Walked Out,Pharmacist review,"
        "Video/Online,{ORG}\n"
    ),
}

READ_AS = {
    "cyp201.csv": "csds",
    "cld_release_1.csv": "asc_cld",
    "cld_release_2.csv": "asc_cld",
    "olids.csv": "gp",
}


def at(day: str, clock: str = "00:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}")


# file -> event id -> what the event must say
EVENTS: dict[str, dict[str, dict[str, Any]]] = {
    "hes_apc.csv": {
        "501": {
            "start": at("2018-05-01"), "end": at("2018-05-03"), "has_time": False,
            "sector": "hospital", "kind": "Emergency admission", "planned": False,
            "spell_id": "SP1", "code_system": "ICD-10", "code": "J441", "other_codes": "E119",
            "requested_at": None, "team": "General medicine", "provider": "RX1", "hrg": "DZ65G",
            "outcome": "Discharged to usual residence", "cost_basis": "tariff",
        },
        "502": {"spell_id": "SP1", "other_codes": "E852", "cost_basis": "part_of_spell"},
        "503": {
            "start": at("2018-07-02"), "end": at("2018-07-02"), "kind": "Day case",
            "planned": True, "requested_at": at("2018-06-01"), "spell_id": "HA/RX1/2018-07-02",
            "other_codes": "C712", "ongoing": False,
        },
        "509": {"spell_id": None, "start": at("2018-12-01"), "kind": "Hospital admission"},
        "504": {
            "kind": "Maternity admission", "end": None, "ongoing": False, "code": None,
            "code_system": None, "outcome": "Unfinished at the end of the year",
        },
        "506": {"outcome": "Died", "kind": "Emergency admission", "team": "Elderly medicine"},
        "507": {"sector": "community", "kind": "Intermediate care bed", "planned": True},
        "508": {"sector": "mental_health", "kind": "Mental health admission"},
    },
    "hes_op.csv": {
        "601": {
            "kind": "Outpatient appointment", "status": "attended", "mode": "face_to_face",
            "requested_at": None, "code": None, "code_system": None,
            "outcome": "Another appointment given", "team": "Respiratory medicine",
        },
        "602": {"status": "did_not_attend", "requested_at": at("2018-03-02"), "outcome": None},
        "603": {"kind": "Virtual clinic", "mode": "telephone", "status": "attended"},
        "604": {"status": "cancelled"},
        "605": {"kind": "Outpatient procedure", "code": "C751", "code_system": "OPCS-4"},
        "606": {
            "sector": "mental_health", "kind": "Older adult mental health contact",
            "status": "did_not_attend",
        },
        "607": {"status": None},
    },
    "hes_ae.csv": {
        "701": {
            "start": at("2018-05-01", "09:31"), "has_time": True, "duration_minutes": 221.0,
            "kind": "Emergency department attendance", "planned": False, "status": "attended",
            "outcome": "Admitted to a ward", "code": "25", "code_system": "A&E diagnosis",
            "provider": "RX1", "end": None,
        },
        "702": {
            "start": at("2018-05-02"), "has_time": False, "duration_minutes": None,
            "kind": "Urgent treatment centre attendance", "status": "left_before_seen",
            "code": None, "code_system": None,
        },
        "703": {
            "start": at("2018-05-03", "00:05"), "kind": "Walk-in centre attendance",
            "planned": True, "outcome": "Discharged home", "code": None,
        },
        "704": {"kind": "A&E attendance", "planned": None, "outcome": None},
    },
    "mhsds_contacts.csv": {
        "801": {
            "start": at("2022-03-04", "10:15"), "requested_at": at("2022-01-10"),
            "kind": "Older adult mental health contact", "mode": "home_visit", "planned": True,
            "status": "attended", "duration_minutes": 45.0, "provider": "RV3",
            "team": "Community mental health team, organic",
        },
        "802": {
            "status": "did_not_attend", "mode": "telephone", "cost_pence": 0,
            "kind": "Community mental health contact",
        },
        "803": {"kind": "Crisis team contact", "mode": "video", "planned": False},
        "804": {"kind": "Psychiatric liaison contact", "has_time": False},
        "805": {"kind": "Memory service contact", "status": "cancelled"},
    },
    "mhsds_referrals.csv": {
        "R1": {"kind": "Mental health referral", "outcome": "Discharged from the service"},
        "R2": {"planned": False, "outcome": "Referral rejected"},
    },
    "mhsds_spells.csv": {
        "H1": {
            "sector": "mental_health", "end": at("2022-04-20"), "ready_at": at("2022-04-10"),
            "planned": False, "ongoing": False, "outcome": "Discharged to usual residence",
        },
        "H2": {"ongoing": True, "end": None, "planned": True},
    },
    "cyp201.csv": {
        "901": {"kind": "Community contact", "mode": "home_visit", "status": "attended"},
        "902": {"mode": "telephone", "status": "did_not_attend"},
        "903": {"mode": "video", "status": "cancelled", "has_time": False},
    },
    "csds.csv": {
        "911": {"kind": "District nurse visit", "requested_at": at("2022-05-01")},
        "912": {"kind": "Wheelchair Service", "mode": "video", "team": "Wheelchair Service"},
    },
    "ecds.csv": {
        "E1": {
            "start": at("2022-06-01", "10:00"), "end": at("2022-06-01", "13:45"),
            "kind": "Emergency department attendance", "outcome": "Admitted to a ward",
            "planned": False, "recorded_cost_pence": 26050, "code_system": "SNOMED CT",
        },
        "E2": {"kind": "Same day emergency care", "end": at("2022-06-03", "01:15")},
        "E3": {
            "kind": "Urgent treatment centre attendance", "status": "left_before_seen",
            "planned": True,
        },
    },
    "sus_apc.csv": {
        "A1": {
            "kind": "Emergency admission", "start": at("2022-06-01", "13:45"),
            "ready_at": at("2022-06-05"), "outcome": "Discharged to a care home",
        },
        "A2": {"kind": "Day case", "planned": True},
        "A3": {"kind": "Maternity admission", "ongoing": True},
        "A4": {"kind": "Virtual ward"},
    },
    "sus_op.csv": {
        "O1": {"status": "attended", "outcome": "Another appointment given"},
        "O2": {"status": "did_not_attend", "cost_pence": 0},
        "O3": {"status": "cancelled", "kind": "Virtual clinic", "mode": "video"},
        "O4": {"status": "did_not_attend", "sector": "mental_health"},
    },
    "cld_release_1.csv": {
        "V1": {"kind": "Request for support", "start": at("2023-02-01"), "ongoing": False},
        "V2": {"kind": "Carer's assessment", "ongoing": False},
        "V3": {
            "kind": "Home care", "ongoing": True, "team": "Bright Care Ltd",
            "recorded_rate_pence": 2250, "recorded_rate_unit": "hour", "units_per_week": 7.0,
        },
    },
    "cld_release_2.csv": {
        "W1": {"kind": "Carer's assessment", "end": at("2024-05-03")},
        "W2": {"kind": "Reablement", "recorded_rate_unit": "once", "team": "1-101"},
        "W3": {"kind": "Social care review", "ongoing": False},
    },
    "ambulance.csv": {
        "N1": {
            "start": at("2022-06-01", "08:12:30"), "kind": "See, treat and convey",
            "outcome": "Conveyed to A&E", "has_time": True, "mode": "face_to_face",
        },
        "N2": {"kind": "Hear and treat", "mode": "telephone", "start": at("2022-06-09", "21:05")},
        "N3": {"kind": "See and treat", "outcome": "Not conveyed"},
        "N4": {"kind": "See, treat and convey", "outcome": "Conveyed"},
    },
    "nhs111.csv": {
        "Q1": {"kind": "NHS 111 call", "start": at("2022-06-08", "19:20:11"), "code": "Dx012"},
    },
    "nhs111_cases.csv": {
        "K1": {"sector": "nhs111", "kind": "Urgent care case", "end": at("2022-06-08", "20:10")},
    },
    "olids.csv": {
        "G1": {
            "status": "attended", "mode": "telephone", "planned": False,
            "duration_minutes": 14.0, "requested_at": at("2022-03-31", "12:20"),
        },
        "G2": {"status": "did_not_attend", "duration_minutes": 10.0},
    },
    "gp_appointments.csv": {
        "T1": {
            "start": at("2022-04-07", "10:20"), "requested_at": at("2022-04-01", "08:05"),
            "status": "attended", "mode": "face_to_face", "kind": "GP consultation",
            "duration_minutes": 12.0, "description": "Routine GP",
        },
        "T2": {
            "start": at("2022-04-14", "11:00"), "has_time": True, "status": "did_not_attend",
            "kind": "Practice nurse appointment", "cost_pence": 0,
        },
        "T3": {"status": "cancelled", "mode": "telephone", "kind": "GP triage call"},
        "T5": {"status": None, "mode": "home_visit"},
        "T6": {
            "status": "left_before_seen", "mode": "video",
            "kind": "Clinical pharmacist consultation",
        },
    },
}  # fmt: skip

# file -> line -> why the row is set aside
SET_ASIDE = {
    "hes_apc.csv": {6: "has no start"},
    "hes_op.csv": {9: "has a null date as its start"},
    "hes_ae.csv": {6: "has a null date as its start"},
    "olids.csv": {4: "says not whose it is"},
    "gp_appointments.csv": {5: "says not whose it is"},
}


@pytest.fixture(scope="module")
def extracts(read: Read) -> Imported:
    return read(FILES)


Events = dict[str, dict[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def events(extracts: Imported) -> Events:
    """Every event kept, by its file and its id."""
    path = extracts.store.current().table("events")
    found: Events = {file: {} for file in FILES}
    for event in pq.read_table(path).to_pylist():
        found[event["source_file"]][event["event_id"]] = event
    return found


@pytest.mark.parametrize("file", FILES)
def test_the_data_set_is_recognised_by_its_own_field_names(extracts: Imported, file: str) -> None:
    expected = READ_AS.get(file, file.removesuffix(".csv"))
    assert extracts.file(file).mapping == expected


@pytest.mark.parametrize(
    ("file", "event"), [(file, event) for file, events in EVENTS.items() for event in events]
)
def test_an_event_says_what_its_row_says(events: Events, file: str, event: str) -> None:
    found = events[file][event]
    expected = EVENTS[file][event]
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("file", FILES)
def test_no_other_event_is_made_and_the_rest_is_set_aside(
    extracts: Imported, events: Events, file: str
) -> None:
    assert set(events[file]) == set(EVENTS[file])
    rejects = {
        line: reason
        for name, line, reason in extracts.rows("rejects", "source_file, source_row, reason")
        if name == file
    }
    assert rejects == SET_ASIDE.get(file, {})
    account = extracts.file(file)
    assert account.kept + account.set_aside == account.rows_read


@pytest.mark.parametrize(
    ("person", "age", "on"),
    [("HB", 0, date(2018, 8, 1)), ("HA", 71, date(2018, 7, 2)), ("HD", 83, date(2018, 12, 1))],
)
def test_an_age_is_that_of_the_latest_day_and_one_of_seven_thousand_is_under_one_year(
    extracts: Imported, person: str, age: int, on: date
) -> None:
    stated = extracts.rows("people", "person_id, age_years, age_at, conflicts")
    assert (person, age, on, None) in stated


def test_a_hospital_spell_of_two_episodes_is_costed_once(events: Events) -> None:
    episodes = events["hes_apc.csv"]
    assert [episodes[key]["cost_basis"] for key in ("501", "502")] == ["tariff", "part_of_spell"]


def test_one_hes_person_is_one_person_in_all_three_files(extracts: Imported) -> None:
    sources = extracts.journey("HA").events["source_mapping"]
    assert set(sources) == {"hes_apc", "hes_op", "hes_ae"}


def test_an_unknown_hes_time_leaves_the_day(events: Events) -> None:
    event = events["hes_ae.csv"]["702"]
    assert (event["start"], event["has_time"]) == (at("2018-05-02"), False)


@pytest.mark.parametrize("name", [m.name for m in shipped_mappings() if m.name.startswith("hes_")])
def test_hes_headers_are_recognised_in_lower_case_too(name: str) -> None:
    mapping = next(one for one in shipped_mappings() if one.name == name)
    headers = [header.lower() for header in mapping.recognise]
    assert recognise_layout(headers, shipped_mappings(), name="x").name == name
