"""The hospital extracts, in the field names of SUS: emergency care, admitted care, outpatients."""

from __future__ import annotations

from datetime import datetime

from theograph.synth.csv_text import Extract
from theograph.synth.joan import cast
from theograph.synth.joan.entries import Attendance, Clinic, Stay
from theograph.synth.joan.urgent import incident_number

ECDS_COLUMNS = (
    "PRIMARYKEY_ID",
    "attendance.unique_identifier",
    "patient.nhs_number.value Pseudo",
    "system.record.provider",
    "Der_Provider_Name",
    "attendance.arrival.date",
    "attendance.arrival.time",
    "attendance.arrival.attendance_category",
    "attendance.arrival.arrival_mode.code",
    "attendance.arrival.ambulance_incident_number",
    "attendance.location.department_type",
    "attendance.initial_assessment.timestamp",
    "attendance.seen_for_treatment.timestamp",
    "attendance.decision_to_admit.timestamp",
    "attendance.departure.date",
    "attendance.departure.time",
    "attendance.departure.timestamp",
    "clinical.chief_complaint.code",
    "Der_Chief_Complaint_Name",
    "clinical.acuity.code",
    "attendance.discharge.status.code",
    "attendance.discharge.destination.code",
    "commissioning.national_pricing.final_price",
)
APC_COLUMNS = (
    "PRIMARYKEY_ID",
    "spell.hospital_provider_spell_number",
    "spell.patient.identity.nhs_number.value Pseudo",
    "spell.commissioning.service_agreement.provider",
    "Der_Provider_Name",
    "spell.admission.date",
    "spell.admission.time",
    "spell.admission.method",
    "spell.admission.source",
    "spell.admission.patient_classification",
    "spell.admission.intended_management",
    "spell.discharge.date",
    "spell.discharge.time",
    "spell.discharge.method",
    "spell.discharge.destination",
    "spell.discharge.ready_date",
    "spell.discharge.length_of_hospital_stay",
    "spell.discharge.to_hospital_at_home",
    "spell.episodes.care_professional.treatment_function",
    "spell.commissioning.grouping.core_hrg",
    "spell.commissioning.tariff_calculation.final_price",
    "spell.ambulance.incident_number",
    "Der_Primary_Diagnosis_Name",
    *(f"spell.episodes.clinical_coding.diagnosis.icd.code.{number}" for number in range(1, 6)),
    "spell.episodes.clinical_coding.procedure.opcs.code.1",
)
OP_COLUMNS = (
    "PRIMARYKEY_ID",
    "appointment.identifier",
    "appointment.patient.identity.nhs_number.value Pseudo",
    "appointment.commissioning.service_agreement.provider",
    "Der_Provider_Name",
    "appointment.date",
    "appointment.time",
    "appointment.first_attendance",
    "appointment.consultation_medium",
    "appointment.care_professional.main_specialty",
    "appointment.care_professional.treatment_function",
    "Der_Treatment_Function_Name",
    "appointment.attended_or_dna",
    "appointment.outcome",
    "appointment.referral.received_date",
    "appointment.commissioning.grouping.core_hrg",
    "appointment.commissioning.tariff_calculation.final_price",
    "Der_Clinic_Note",
)


def build_ecds_extract(attendances: tuple[Attendance, ...]) -> Extract:
    """The emergency care data set; ISO dates with separate times."""
    rows = tuple(
        {"PRIMARYKEY_ID": f"{710001 + number}", **_attendance(entry)}
        for number, entry in enumerate(attendances)
    )
    return Extract("ecds.csv", ECDS_COLUMNS, rows)


def _attendance(entry: Attendance) -> dict[str, str]:
    code, term = entry.complaint
    return {
        "attendance.unique_identifier": f"AE-{entry.arrived[:10].replace('-', '')}-1",
        "patient.nhs_number.value Pseudo": cast.PSEUDONYM,
        "system.record.provider": cast.PROVIDER_CODES[cast.HOSPITAL],
        "Der_Provider_Name": cast.HOSPITAL,
        "attendance.arrival.date": entry.arrived[:10],
        "attendance.arrival.time": f"{entry.arrived[11:]}:00",
        "attendance.arrival.attendance_category": "1",
        "attendance.arrival.arrival_mode.code": "1048031000000100",
        "attendance.arrival.ambulance_incident_number": incident_number(entry.called),
        "attendance.location.department_type": "01",
        "attendance.initial_assessment.timestamp": f"{entry.arrived}:00",
        "attendance.seen_for_treatment.timestamp": f"{entry.seen}:00",
        "attendance.decision_to_admit.timestamp": f"{entry.decided}:00",
        "attendance.departure.date": entry.left[:10],
        "attendance.departure.time": f"{entry.left[11:]}:00",
        "attendance.departure.timestamp": f"{entry.left}:00",
        "clinical.chief_complaint.code": code,
        "Der_Chief_Complaint_Name": term,
        "clinical.acuity.code": entry.acuity,
        "attendance.discharge.destination.code": "306706006",
    }


def build_apc_extract(stays: tuple[Stay, ...]) -> Extract:
    """Admitted care, one row a spell; dates dd/mm/yyyy with separate times."""
    rows = tuple(
        {"PRIMARYKEY_ID": f"{820001 + number}", **_stay(entry)}
        for number, entry in enumerate(stays)
    )
    return Extract("sus_apc.csv", APC_COLUMNS, rows)


def _stay(entry: Stay) -> dict[str, str]:
    admitted = datetime.fromisoformat(entry.admitted)
    discharged = datetime.fromisoformat(entry.discharged)
    provider = entry.provider or cast.HOSPITAL
    row = {
        "spell.hospital_provider_spell_number": f"SP{admitted:%y%m%d}",
        "spell.patient.identity.nhs_number.value Pseudo": cast.PSEUDONYM,
        "spell.commissioning.service_agreement.provider": cast.PROVIDER_CODES[provider],
        "Der_Provider_Name": provider,
        "spell.admission.date": f"{admitted:%d/%m/%Y}",
        "spell.admission.time": f"{admitted:%H:%M}",
        "spell.admission.method": entry.method,
        "spell.admission.source": "51" if entry.method == "81" else "19",
        "spell.admission.patient_classification": "1",
        "spell.admission.intended_management": "1",
        "spell.discharge.date": f"{discharged:%d/%m/%Y}",
        "spell.discharge.time": f"{discharged:%H:%M}",
        "spell.discharge.method": "1",
        "spell.discharge.destination": entry.destination,
        "spell.discharge.ready_date": f"{datetime.fromisoformat(entry.ready):%d/%m/%Y}",
        "spell.discharge.length_of_hospital_stay": str((discharged.date() - admitted.date()).days),
        "spell.discharge.to_hospital_at_home": "N",
        "spell.episodes.care_professional.treatment_function": entry.treatment_function,
        "spell.commissioning.grouping.core_hrg": entry.hrg,
        "spell.ambulance.incident_number": incident_number(entry.called),
        "Der_Primary_Diagnosis_Name": entry.title,
        "spell.episodes.clinical_coding.procedure.opcs.code.1": entry.procedure,
    }
    for number, code in enumerate(entry.diagnoses, start=1):
        row[f"spell.episodes.clinical_coding.diagnosis.icd.code.{number}"] = code
    return row


def build_op_extract(clinics: tuple[Clinic, ...]) -> Extract:
    """Outpatients; ISO dates with separate times."""
    rows = tuple(
        {"PRIMARYKEY_ID": f"{930001 + number}", **_clinic(entry)}
        for number, entry in enumerate(clinics)
    )
    return Extract("sus_op.csv", OP_COLUMNS, rows)


def _clinic(entry: Clinic) -> dict[str, str]:
    code, name = entry.specialty
    return {
        "appointment.identifier": f"OP{entry.at[:10].replace('-', '')}",
        "appointment.patient.identity.nhs_number.value Pseudo": cast.PSEUDONYM,
        "appointment.commissioning.service_agreement.provider": cast.PROVIDER_CODES[entry.provider],
        "Der_Provider_Name": entry.provider,
        "appointment.date": entry.at[:10],
        "appointment.time": f"{entry.at[11:]}:00",
        "appointment.first_attendance": "1" if entry.first else "2",
        "appointment.consultation_medium": entry.medium,
        "appointment.care_professional.main_specialty": code,
        "appointment.care_professional.treatment_function": code,
        "Der_Treatment_Function_Name": name,
        "appointment.attended_or_dna": entry.attended,
        "appointment.outcome": "" if entry.attended == "3" else "2",
        "appointment.referral.received_date": entry.referred,
        "Der_Clinic_Note": entry.note,
    }
